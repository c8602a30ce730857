import express from 'express'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StaticOptions, serveStatic } from '../../src/files/static.ts'
import { type Asked, comparable, FileServer, type Middleware, makeTree, runInMemory } from './outcome.ts'

const server = new FileServer()
const { root, remove } = makeTree()
beforeAll(() => server.start())
afterAll(() => {
  server.close()
  remove()
})

// Options of wrong types are tried too.
// biome-ignore lint/suspicious/noExplicitAny: for the reason above.
const theirs = (options?: any, from = root): Middleware => express.static(from, options) as Middleware
const ours = (options?: StaticOptions, from = root): Middleware => serveStatic(from, options) as Middleware

/** The same from serve-static, from ours on a server, and from ours in memory, whole and streamed. */
async function same(options: StaticOptions | undefined, asked: Asked): Promise<void> {
  const expected = await server.run(theirs(options), asked)
  expect(await server.run(ours(options), asked)).toEqual(expected)
  for (const streaming of [false, true]) {
    const found = await runInMemory(ours(options), asked, streaming)
    expect(comparable(found)).toEqual(comparable(expected))
  }
}

const paths = [
  '/',
  '/name.txt',
  '/name.txt?a=1',
  '/name.txt/',
  '/missing.txt',
  '/missing',
  '/empty.txt',
  '/big.bin',
  '/sp%20ace.txt',
  '/100%25.txt',
  '/100%.txt',
  '/%c3%bctf.txt',
  '/a%23b.txt',
  '/noext',
  '/unknown.ext-x',
  '/page',
  '/page.html',
  '/dir.with.dots',
  '/dir.with.dots/file',
  '/.hidden',
  '/.well-known/x.txt',
  '/users',
  '/users/',
  '/users?x=1&y',
  '/users/tobi.txt',
  '/users/.secret',
  '/users/other',
  '/bare',
  '/bare/',
  '/index.d',
  '/index.d/',
  '/sub%20dir',
  '/sub%20dir/%C3%A9/f.css',
  '/sub%20dir/%C3%A9',
  '//users',
  '//users//',
  '///',
  '/users//tobi.txt',
  '/../name.txt',
  '/users/../name.txt',
  '/users/%2e%2e/name.txt',
  '/..%2fname.txt',
  '/%2e%2e%2f%2e%2e%2fetc/passwd',
  '/..\\name.txt',
  '/users%2ftobi.txt',
  '/users%2f',
  '/users%5c',
  '/name.txt%00',
  '/%00',
  '/%',
  '/%zz',
  '/%ff',
  '/...',
  '/..',
  '/.',
  '/./name.txt',
  '/users/.',
  '/users/..',
  '/~',
  '/name.txt/x',
  `/${'n'.repeat(300)}`,
  '/"<b>&\'',
  '/users"<b>',
  '/INDEX.html',
  '/%3f',
  '/users;a=b',
  '//example.com/%2e%2e',
  '//users/..',
  '/users#frag',
]

describe.each<[string, StaticOptions | undefined]>([
  ['no options', undefined],
  ['no fallthrough', { fallthrough: false }],
  ['no redirect', { redirect: false }],
  ['no redirect and no fallthrough', { redirect: false, fallthrough: false }],
  ['dotfiles allowed', { dotfiles: 'allow' }],
  ['dotfiles denied', { dotfiles: 'deny', fallthrough: false }],
  ['extensions', { extensions: ['htm', 'html', 'json'] }],
  ['one extension', { extensions: 'html', fallthrough: false }],
  ['no index', { index: false, fallthrough: false }],
  ['other indices', { index: ['none.html', 'tobi.txt', 'file.txt'] }],
])('express.static with %s', (_name, options) => {
  it.each(paths)('%s', (path) => same(options, { path }))
  it.each(['HEAD', 'POST', 'OPTIONS', 'DELETE'])('%s', async (method) => {
    for (const path of ['/name.txt', '/users', '/users/', '/missing', '/.hidden']) await same(options, { path, method })
  })
})

describe('express.static mounted', () => {
  it.each([
    ['/static', '/'],
    ['/static/', '/'],
    ['/static?a=1', '/?a=1'],
    ['/static/users', '/users'],
    ['/static//users', '//users'],
    ['/a b/users', '/users'],
    ['/static/users/', '/users/'],
    ['/static/missing', '/missing'],
    ['//static', '/'],
    ['///static/users', '/users'],
    ['/%zz', '/'],
    ['/ü?é', '/'],
    ['http://example.com/static/users?q', '/users?q'],
    ['/static/users?a=?b=/', '/users?a=?b=/'],
  ])('at %s', async (originalUrl, path) => {
    await same(undefined, { path, originalUrl })
    await same({ fallthrough: false, index: false }, { path, originalUrl })
  })
})

describe('headers of files', () => {
  it.each<StaticOptions>([
    { maxAge: 5000 },
    { maxAge: '1d' },
    { maxAge: '2.5 hrs' },
    { maxAge: 'soon' },
    { maxAge: Number.POSITIVE_INFINITY },
    { maxAge: -1 },
    { maxAge: '10y' },
    { maxAge: 0, maxage: 9000 },
    { maxage: '1h' },
    { maxAge: Number.NaN },
    { immutable: true },
    { immutable: true, maxAge: '1w' },
    { cacheControl: false },
    { etag: false },
    { lastModified: false },
    { acceptRanges: false },
    { etag: false, lastModified: false, cacheControl: false, acceptRanges: false },
  ])('with %j', async (options) => {
    for (const path of ['/name.txt', '/', '/unknown.ext-x', '/noext', '/empty.txt']) {
      await same(options, { path })
      await same(options, { path, headers: { range: 'bytes=1-3' } })
      await same(options, { path, method: 'HEAD' })
    }
  })

  it('are left where they are set already, and what setHeaders sets is kept', async () => {
    const preset: NonNullable<StaticOptions['setHeaders']> = (res, path, stat) => {
      const fields = {
        'X-Path': path.slice(root.length),
        'X-Size': String(stat.size),
        'Cache-Control': 'no-store',
        ETag: '"own"',
      }
      for (const [name, value] of Object.entries(fields)) res.setHeader(name, value)
      res.setHeader('Content-Type', 'text/x-own')
      res.setHeader('Last-Modified', 'Thu, 01 Jan 2026 00:00:00 GMT')
      res.setHeader('Accept-Ranges', 'none')
    }
    for (const headers of [{}, { 'if-none-match': '"own"' }, { range: 'bytes=0-1' }] as Record<string, string>[]) {
      for (const path of ['/name.txt', '/users', '/missing']) await same({ setHeaders: preset }, { path, headers })
    }
  })

  it('come with a status that was set before, as long as it is no matter of conditions', async () => {
    const status =
      (code: number, middleware: Middleware): Middleware =>
      (req, res, next) => {
        res.statusCode = code
        middleware(req, res, next)
      }
    for (const code of [200, 201, 304, 404, 500]) {
      for (const headers of [{}, { 'if-none-match': '*' }, { range: 'bytes=0-1' }] as Record<string, string>[]) {
        const asked = { path: '/name.txt', headers }
        const expected = await server.run(status(code, theirs()), asked)
        expect(await server.run(status(code, ours()), asked)).toEqual(expected)
        expect(comparable(await runInMemory(status(code, ours()), asked))).toEqual(comparable(expected))
      }
    }
  })
})

const tag = 'W/"1a-18d6d243865"'
const date = 'Sat, 03 Feb 2024 04:05:06 GMT'
const earlier = 'Sat, 03 Feb 2024 04:05:05 GMT'
const later = 'Sun, 04 Feb 2024 04:05:06 GMT'

describe('conditions and ranges', () => {
  it('are tried with the tag and the date that the file has', async () => {
    const { headers } = await server.run(ours(), { path: '/name.txt' })
    expect(headers).toContain(`ETag: ${tag}`)
    expect(headers).toContain(`Last-Modified: ${date}`)
  })

  const strong = tag.slice(2)
  const tags = [
    tag,
    strong,
    '*',
    '"x"',
    `"x", ${tag}`,
    `"x" , ${strong} , "y"`,
    `${tag},`,
    ',',
    'W/',
    ' * ',

    '',
  ]
  const dates = [date, earlier, later, 'yesterday', '', '0', '2024-02-03T04:05:06Z']
  const one = (name: string, values: string[]) => values.map((value): Record<string, string> => ({ [name]: value }))
  it.each([
    ...one('if-none-match', tags),
    ...one('if-match', tags),
    ...one('if-modified-since', dates),
    ...one('if-unmodified-since', dates),
    { 'if-none-match': '"x"', 'if-modified-since': later },
    { 'if-none-match': tag, 'cache-control': 'no-cache' },
    { 'if-none-match': tag, 'cache-control': 'max-age=0, no-cache' },
    { 'if-none-match': tag, 'cache-control': 'no-cached' },
    { 'if-match': '"x"', 'if-none-match': tag },
    { 'if-match': tag, 'if-unmodified-since': earlier },
  ])('%j', async (headers) => {
    for (const method of ['GET', 'HEAD']) await same(undefined, { path: '/name.txt', method, headers })
    await same({ etag: false, lastModified: false }, { path: '/name.txt', headers })
    await same(undefined, { path: '/name.txt', headers: { ...headers, range: 'bytes=0-4' } })
  })

  const ranges = [
    '0-0',
    '0-4',
    '5-',
    '-5',
    '-0',
    '-100',
    '0-',
    '25-25',
    '26-',
    '100-200',
    '4-2',
    '0-4,10-12',
    '0-4,5-9',
    '0-4, 3-8',
    '9-12,0-8',
    '30-,0-1',
    '',
    '-',
    'x',
    '0',
    '1-x',
    '0-4,x',
    ' 1 - 2 ',
    '0-99999999999999999999',
    '--1',
    '1--2',
    '0-4,,6-7',
    '0x1-2',
    '+1-2',
  ]
  it.each([
    ...ranges.map((range) => `bytes=${range}`),
    ' bytes=0-1',
    'Bytes=0-1',
    'items=0-1',
    'bytes',
    'bytes 0-1',
    'bytes=0-1=2-3',
  ])('Range: %s', async (range) => {
    for (const path of ['/name.txt', '/empty.txt', '/big.bin']) await same(undefined, { path, headers: { range } })
    await same({ acceptRanges: false }, { path: '/name.txt', headers: { range } })
    await same(undefined, { path: '/name.txt', method: 'HEAD', headers: { range } })
    await same({ fallthrough: false }, { path: '/name.txt', headers: { range } })
  })

  it.each([tag, strong, '"x"', date, earlier, later, 'nonsense', '', `x ${tag} y`])('If-Range: %s', async (ifRange) => {
    for (const range of ['bytes=1-2', 'bytes=99-', 'bytes=0-1,4-5']) {
      await same(undefined, { path: '/name.txt', headers: { range, 'if-range': ifRange } })
      await same({ etag: false, lastModified: false }, { path: '/name.txt', headers: { range, 'if-range': ifRange } })
    }
  })

  it('of a part of the file', async () => {
    for (const options of [{ start: 3 }, { start: 3, end: 8 }, { end: 4 }, { start: 90 }, { start: 0, end: 0 }]) {
      for (const headers of [{}, { range: 'bytes=2-4' }, { range: 'bytes=-2' }, { range: 'bytes=40-' }] as Record<
        string,
        string
      >[]) {
        await same(options, { path: '/name.txt', headers })
      }
    }
  })

  it('are the same for generated fields', async () => {
    const number = fc.oneof(fc.nat(30).map(String), fc.constantFrom('', ' ', 'x', '199999', '200000'))
    const range = fc.tuple(number, fc.constantFrom('-', '-', '-', '', '--'), number).map((parts) => parts.join(''))
    const field = fc.array(range, { maxLength: 4 }).map((parts) => `bytes=${parts.join(',')}`)
    const asked = fc.record({ path: fc.constantFrom('/name.txt', '/empty.txt', '/big.bin'), range: field })
    const property = fc.asyncProperty(asked, ({ path, range: value }) =>
      same(undefined, { path, headers: { range: value } }),
    )
    await fc.assert(property, { numRuns: 60 })
  })
})

describe('generated paths', () => {
  const part = fc.constantFrom(
    'users',
    'name.txt',
    '..',
    '.',
    '.hidden',
    '%2e%2e',
    '%2f',
    '/',
    '//',
    '%00',
    '%',
    'tobi.txt',
    '\\',
    'page',
    'é',
    '~',
    ';',
    '?',
  )
  it('lead where they lead in serve-static, and never out of the directory', async () => {
    const path = fc
      .array(part, { maxLength: 6 })
      .map((parts) => encodeURI(`/${parts.join('/')}`).replace(/%25(2e|2f|00)/g, '%$1'))
    const options = fc.constantFrom<StaticOptions>(
      {},
      { fallthrough: false },
      { dotfiles: 'allow', extensions: ['html'] },
    )
    const property = fc.asyncProperty(path, options, (asked, chosen) => same(chosen, { path: asked }))
    await fc.assert(property, { numRuns: 150 })
  })
})

describe('wrong arguments', () => {
  it.each([[undefined], [''], [null], [1], [{}]])('a root of %j', (wrong) => {
    const message = (make: (from: string) => unknown) => {
      try {
        make(wrong as unknown as string)
        return 'made'
      } catch (error) {
        return [(error as Error).name, (error as Error).message]
      }
    }
    expect(message(serveStatic)).toEqual(message(express.static))
    expect(message(serveStatic)).not.toBe('made')
  })

  it('options are refused when the middleware is made, where serve-static fails with each request', async () => {
    for (const options of [
      { dotfiles: 'x' },
      { extensions: [1] },
      { extensions: true },
      { index: true },
      { index: [null] },
    ] as StaticOptions[]) {
      const { body } = await server.run(theirs(options), { path: '/name.txt' })
      const { message } = JSON.parse(body.slice(5)) as { message: string }
      expect(() => serveStatic(root, options)).toThrow(new TypeError(message))
    }
    const setHeaders = 'x' as never
    expect(() => serveStatic(root, { setHeaders })).toThrow(new TypeError('option setHeaders must be function'))
    expect(() => express.static(root, { setHeaders })).toThrow(new TypeError('option setHeaders must be function'))
  })

  it('a relative root is that of the working directory', async () => {
    const asked = { path: '/package.json' }
    expect(await server.run(ours(undefined, '.'), asked)).toEqual(await server.run(theirs(undefined, '.'), asked))
  })
})
