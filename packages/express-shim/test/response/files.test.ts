import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { compare, type Scenario } from './scenarios.ts'

const anyway = <Type = never>(value: unknown): Type => value as Type

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'files-'))
  mkdirSync(join(root, 'folder'))
  writeFileSync(join(root, 'plain.txt'), 'a plain file')
  writeFileSync(join(root, 'page.html'), '<p>ü')
  writeFileSync(join(root, 'ünï code.bin'), Buffer.from([0, 255, 1]))
  writeFileSync(join(root, '.hidden'), 'hidden')
  for (const name of ['plain.txt', 'page.html', 'ünï code.bin', '.hidden'])
    utimesSync(join(root, name), 1_600_000_000, 1_600_000_000)
})

afterAll(() => rmSync(root, { recursive: true }))

const file = (name: string): string => join(root, name)

describe('res.sendFile', () => {
  it('sends and refuses as Express does', () =>
    compare(
      {
        plain: (_req, res) => res.sendFile(file('plain.txt')),
        page: (_req, res) => res.sendFile(file('page.html')),
        bytes: (_req, res) => res.sendFile(file('ünï code.bin')),
        root: (_req, res) => res.sendFile('plain.txt', { root }),
        hidden: (_req, res) => res.sendFile(file('.hidden'), { dotfiles: 'allow' }),
        ignored: (_req, res) => res.sendFile(file('.hidden')),
        options: (_req, res) =>
          res.sendFile(file('plain.txt'), {
            maxAge: '1d',
            immutable: true,
            lastModified: false,
            headers: { 'X-File': 'yes' },
          }),
        missing: (_req, res) => res.sendFile(file('nothing')),
        folder: (_req, res) => res.sendFile(file('folder')),
        outside: (_req, res) => res.sendFile('../x', { root }),
        nothing: (_req, res) => res.sendFile(anyway(undefined)),
        number: (_req, res) => res.sendFile(anyway(5)),
        relative: (_req, res) => res.sendFile('plain.txt'),
        type: (_req, res) => res.type('text/x-own').sendFile(file('plain.txt')),
        status: (_req, res) => res.status(404).sendFile(file('page.html')),
        'malformed name': (_req, res) => res.sendFile('/\ud800'),
      },
      {
        sent: [
          {},
          { method: 'HEAD' },
          { headers: { range: 'bytes=2-4' } },
          { headers: { 'if-modified-since': 'Sun, 13 Sep 2020 12:26:40 GMT' } },
        ],
      },
    ))
  it('calls back once, with what went wrong', () => {
    const noted =
      (name: string): Scenario =>
      (_req, res, note) =>
        res.sendFile(file(name), (error) => {
          note(
            error?.message.replace(root, '') ?? null,
            (error as NodeJS.ErrnoException | undefined)?.code,
            res.headersSent,
          )
          if (!res.headersSent) res.status(404).end('handled')
        })
    return compare(
      { plain: noted('plain.txt'), missing: noted('nothing'), folder: noted('folder') },
      { sent: [{}, { method: 'HEAD' }] },
    )
  })
  it('goes without a tag where the setting is off', () =>
    compare({ plain: (_req, res) => res.sendFile(file('plain.txt')) }, { configure: (app) => app.disable('etag') }))
})

describe('res.download', () => {
  it('sends and refuses as Express does', () =>
    compare(
      {
        plain: (_req, res) => res.download(file('plain.txt')),
        named: (_req, res) => res.download(file('plain.txt'), 'dökument.pdf'),
        path: (_req, res) => res.download(file('plain.txt'), '/a/b/c.txt'),
        options: (_req, res) =>
          res.download(
            'plain.txt',
            anyway({ root, maxAge: 1000, headers: { 'X-File': 'yes', 'content-disposition': 'inline' } }),
          ),
        both: (_req, res) => res.download(file('plain.txt'), 'name.txt', { maxAge: 1000 }),
        'null name': (_req, res) => res.download(file('plain.txt'), anyway(null), { maxAge: 1000 }),
        missing: (_req, res) => res.download(file('nothing')),
        callback: (_req, res, note) => res.download(file('plain.txt'), (error) => note(error ?? null)),
        'name and callback': (_req, res, note) =>
          res.download(file('plain.txt'), 'x.txt', (error) => note(error ?? null)),
        'all four': (_req, res, note) =>
          res.download(file('plain.txt'), 'x.txt', { headers: { a: 'b' } }, (error) => note(error ?? null)),
        'callback with error': (_req, res, note) =>
          res.download(file('nothing'), 'x.txt', (error) => {
            note((error as NodeJS.ErrnoException).code, res.get('Content-Disposition'))
            res.status(404).end()
          }),
      },
      { sent: [{}, { headers: { range: 'bytes=0-3' } }] },
    ))
  it('tells its arguments apart as Express does', () => {
    const path = file('plain.txt')
    const callback: unique symbol = Symbol('callback')
    const old = { maxAge: 1000 }
    const given: unknown[][] = [
      [path, old, {}],
      [path, old, {}, callback],
      [path, callback, old],
      [path, callback, callback],
      [path, undefined, undefined, callback],
      [path, null, null, callback],
      [path, undefined, old],
      [path, 'name', null, callback],
      [path, 'name', callback, callback],
      [path, ''],
      [path, 5],
      [path, ['name']],
      [path, 'name', 'options'],
      [path, 'name', 5],
      [],
      [null],
      [{}],
      ['plain.txt', { root, headers: null }],
    ]
    const scenarios = given.map((args, index): [string, Scenario] => [
      `${index}`,
      (_req, res, note) => {
        const called = (which: number) => (error?: Error) => note(which, error ?? null)
        const real = args.map((arg, which) => (arg === callback ? called(which) : arg))
        Reflect.apply(res.download, res, real)
      },
    ])
    return compare(Object.fromEntries(scenarios))
  })
})
