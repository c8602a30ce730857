import { describe, it } from 'vitest'
import { allowLog, expectLog } from '../../../../test/expect-log.ts'
import { compare, type Scenario } from './scenarios.ts'

const anyway = (value: unknown): never => value as never

describe('header fields', () => {
  it('are set, read and removed as in Express', () =>
    compare({
      'set text': (_req, res, note) => note(res.set('X-A', 'b') === res, res.get('x-a')) ?? res.end(),
      'set number': (_req, res, note) => note(res.set('X-A', anyway(5)).get('X-A')) ?? res.end(),
      'set list': (_req, res, note) => note(res.set('X-A', ['a', 'b']).get('X-A')) ?? res.end(),
      'set numbers': (_req, res, note) => note(res.set('X-A', anyway([1, 2])).get('X-A')) ?? res.end(),
      'set undefined': (_req, res, note) => note(res.set('X-A', anyway(undefined)).get('X-A')) ?? res.end(),
      'set record': (_req, res) => res.set({ 'X-A': 'a', 'X-B': ['b', 'c'], 'Content-Type': 'html' }).end(),
      'set null': (_req, res) => res.set(anyway(null)).end(),
      'set name only': (_req, res) => res.set(anyway('ab')).end(),
      'header is set': (_req, res) => res.header('X-A', 'b').end(),
      'type by extension': (_req, res) => res.set('Content-Type', 'json').end('{}'),
      'type unknown': (_req, res) => res.set('content-type', 'nothing-known').end('{}'),
      'type list': (_req, res) => res.set('content-type', ['text/html']).end('{}'),
      'type with charset': (_req, res) => res.set('content-type', 'text/html; charset=x').end('{}'),
      'type upper case': (_req, res) => res.set('content-type', 'Text/HTML').end('{}'),
      'bad name': (_req, res) => res.set('a b', 'c').end(),
      'empty name': (_req, res) => res.set('', 'c').end(),
      'bad value': (_req, res) => res.set('a', 'c\nd').end(),
      'bad value in list': (_req, res) => res.set('a', ['b', 'c\u0100']).end(),
      'latin-1 value': (_req, res) => res.set('a', 'é').end(),
      'set by a function that returns nothing': (_req, res) => {
        const { setHeader } = res
        res.setHeader = anyway((name: string, value: string) => void setHeader.call(res, name, value))
        res.set('X-A', 'b').type('text').location('/x').append('X-B', 'c').links({ next: '/2' }).end()
      },
      'get nothing': (_req, res, note) => note(res.get('x')) ?? res.end(),
      'get number': (_req, res) => res.get(anyway(5)),
    }))
  it('are appended to', () =>
    compare({
      'append once': (_req, res) => res.append('Set-Cookie', 'a=b').end(),
      'append text to text': (_req, res, note) =>
        note(res.append('Link', '<a>').append('Link', '<b>').get('Link')) ?? res.end(),
      'append list to text': (_req, res, note) =>
        note(res.append('Link', '<a>').append('Link', ['<b>', '<c>']).get('Link')) ?? res.end(),
      'append text to list': (_req, res, note) =>
        note(res.append('Link', ['<a>']).append('Link', '<b>').get('Link')) ?? res.end(),
      'append list to list': (_req, res, note) =>
        note(res.append('Link', ['<a>']).append('Link', ['<b>']).get('Link')) ?? res.end(),
      'append after set': (_req, res) => res.set('X-A', 'a').append('x-a', 'b').end(),
      'append after cookie': (_req, res) => res.cookie('a', 'b').append('Set-Cookie', 'c=d').cookie('e', 'f').end(),
    }))
  it('name what the answer depends on', () =>
    compare({
      'vary one': (_req, res) => res.vary('Accept').end(),
      'vary two': (_req, res) => res.vary('Accept').vary('accept').vary('Cookie, Accept').end(),
      'vary list': (_req, res) => res.vary(anyway(['A', 'B', 'a'])).end(),
      'vary all': (_req, res) => res.vary('A').vary('*').vary('B').end(),
      'vary on list': (_req, res) => res.set('Vary', ['A', 'B']).vary('C').end(),
      'vary nothing': (_req, res) => res.vary(anyway(undefined)).end(),
      'vary empty list': (_req, res) => res.vary(anyway([])).end(),
      'vary bad': (_req, res) => res.vary('a b').end(),
      'vary upper': (_req, res) => res.set('Vary', 'ACCEPT').vary('Accept').end(),
    }))
  it('link to other resources', () =>
    compare({
      one: (_req, res) => res.links({ next: '/2' }).end(),
      'many targets': (_req, res) => res.links(anyway({ next: ['/2', '/3'], last: '/9' })).end(),
      twice: (_req, res) => res.links({ next: '/2' }).links({ last: '/9' }).end(),
      none: (_req, res) => res.links({}).end(),
    }))
})

describe('types and names of files', () => {
  const types = [
    'html',
    '.html',
    'json',
    'png',
    'svg',
    'js',
    'txt',
    'text/html',
    'application/json',
    'a/b',
    'unknown',
    '',
    'x.y.css',
    'bin',
  ]
  it('res.type', () =>
    compare(Object.fromEntries(types.map((type, index) => [`${index}`, (_req, res) => res.type(type).end('x')]))))
  it('res.contentType refuses what is no text', () =>
    compare({ none: (_req, res) => res.contentType(anyway(undefined)), number: (_req, res) => res.type(anyway(5)) }))
  const names = [
    'a.txt',
    'r é.pdf',
    '日本.png',
    'a"b\\c.html',
    '/path/to/x.json',
    'no-extension',
    'a%20b.txt',
    'tab\tx',
    '.hidden',
    'a;b',
    "it's (1).zip",
    '',
  ]
  it('res.attachment', () =>
    compare({
      ...Object.fromEntries(
        names.map((name, index) => [`${index}`, (_req, res) => res.attachment(name).end('x')] as [string, Scenario]),
      ),
      none: (_req, res) => res.attachment().end('x'),
      number: (_req, res) => res.attachment(anyway(5)),
      null: (_req, res) => res.attachment(anyway(null)),
    }))
})

describe('res.cookie', () => {
  const fixed = new Date(Date.UTC(2030, 0, 2))
  const options: unknown[] = [
    undefined,
    null,
    {},
    { path: '/admin' },
    { path: null },
    { path: '' },
    { path: 'a;b' },
    { domain: '.example.com' },
    { domain: 'a b' },
    { domain: '' },
    { httpOnly: true, secure: true, partitioned: true },
    { expires: fixed },
    { expires: new Date(Number.NaN) },
    { expires: 'tomorrow' },
    { maxAge: Number.NaN },
    { maxAge: 'abc' },
    { maxAge: null },
    { sameSite: true },
    { sameSite: 'Lax' },
    { sameSite: 'none' },
    { sameSite: 'strict' },
    { sameSite: false },
    { sameSite: 'other' },
    { priority: 'low' },
    { priority: 'MEDIUM' },
    { priority: 'high' },
    { priority: 'x' },
    { priority: 1 },
    { encode: (text: string) => text.toUpperCase() },
    { encode: 'x' },
    { signed: true },
  ]
  it('takes every option', () =>
    compare(
      Object.fromEntries(
        options.map((option, index) => [`${index}`, (_req, res) => res.cookie('name', 'väl ue', anyway(option)).end()]),
      ),
    ))
  it('takes every kind of value', () =>
    compare(
      Object.fromEntries(
        ['a', '', 1, null, undefined, true, { a: 1 }, [1], 'a;b', 'ü', Symbol.iterator].map((value, index) => [
          `${index}`,
          (_req, res) => res.cookie('name', value).end(),
        ]),
      ),
    ))
  it('refuses names that are no token', () =>
    compare(
      Object.fromEntries(
        ['a b', '', 'a=b', 'ü', '__proto__', '__Host-x'].map((name, index) => [
          `${index}`,
          (_req, res) => res.cookie(name, 'v').end(),
        ]),
      ),
    ))
  it('turns maxAge into seconds and a date', () =>
    compare(
      {
        age: (_req, res) => res.cookie('a', 'b', { maxAge: 0 }).end(),
        negative: (_req, res) => res.cookie('a', 'b', { maxAge: -1500 }).end(),
        options: (_req, res, note) => {
          const given = { maxAge: 1000, path: '/x' }
          res.cookie('a', 'b', given)
          note(given, String(res.get('Set-Cookie')).replace(/Expires=[^;]*/, ''))
          res.removeHeader('Set-Cookie')
          res.end()
        },
      },
      { ignoreHeaders: ['set-cookie'] },
    ))
  it('signs with the secret of cookie-parser', () =>
    compare({
      signed: (req, res) => {
        Object.assign(req, { secret: 'keyboard cat' })
        res.cookie('name', { a: 1 }, { signed: true }).cookie('other', 'tobi', { signed: true }).end()
      },
    }))
  it('clears', () =>
    compare({
      plain: (_req, res) => res.clearCookie('sid').end(),
      path: (_req, res) => res.clearCookie('sid', { path: '/admin', domain: 'example.com' }).end(),
      ages: (_req, res) => res.clearCookie('sid', { maxAge: 5000, expires: fixed }).end(),
      null: (_req, res) => res.clearCookie('sid', anyway(null)).end(),
    }))
})

describe('res.location and res.redirect', () => {
  const accepts = [
    {},
    { headers: { accept: 'text/html' } },
    { headers: { accept: 'text/plain' } },
    { headers: { accept: 'image/*' } },
    { headers: { accept: '*/*' }, method: 'HEAD' },
  ]
  const urls = [
    '/x',
    '/x y?é',
    'http://example.com/ü?a=<b>&c="d"',
    '../login',
    'https://google.com?q=\u2603 §10',
    '/a%20b%zz',
    '',
    "'<script>'",
    'data:text/html,<b>',
    '\ud83d',
  ]
  it('go to any address', () => {
    expectLog(/Provide a url argument/)
    return compare(
      Object.fromEntries(
        urls.map((url, index) => [`${index}`, (_req, res) => res.redirect(url)] as [string, Scenario]),
      ),
      { sent: accepts },
    )
  })
  it('set the field', () =>
    compare(Object.fromEntries(urls.map((url, index) => [`${index}`, (_req, res) => res.location(url).end()]))))
  it('take a status', () => {
    for (const message of [/Status must be a number/, /Url must be a string/]) expectLog(message)
    allowLog(/Provide a url argument/)
    return compare(
      {
        permanent: (_req, res) => res.redirect(301, '/x'),
        unknown: (_req, res) => res.redirect(399, '/x'),
        'text status': (_req, res) => res.redirect(anyway('301'), '/x'),
        reversed: (_req, res) => res.redirect(anyway('/x'), anyway(301)),
        nothing: (_req, res) => res.redirect(anyway(undefined)),
        object: (_req, res) => res.redirect(anyway({ toString: () => '/o' })),
        'not content': (_req, res) => res.redirect(304, '/x'),
      },
      { sent: accepts },
    )
  })
})

describe('res.format', () => {
  const accepts = ['text/html', 'application/json', 'text/*;q=0.5, application/json;q=0.4', 'image/png', '*/*', ''].map(
    (accept) => ({ headers: { accept } }),
  )
  it('chooses as Express does', () =>
    compare(
      {
        types: (_req, res) =>
          res.format({
            'text/plain': () => res.send('plain'),
            'text/html': () => res.send('html'),
            'application/json': () => res.send({ a: 1 }),
          }),
        extensions: (_req, res) =>
          res.format({ text: () => res.send('plain'), html: () => res.send('html'), json: () => res.send({ a: 1 }) }),
        'with default': (_req, res) =>
          res.format({ text: () => res.send('plain'), default: () => res.send('default') }),
        'only default': (_req, res) => res.format({ default: () => res.send('default') }),
        nothing: (_req, res) => res.format({}),
        unknown: (_req, res) =>
          res.format({ nonsense: () => res.send('?'), 'text/html;level=1': () => res.send('level') }),
        arguments: (req, res, note) =>
          res.format({
            html: ((...args: unknown[]) =>
              note(args.length, args[0] === req, args[1] === res, typeof args[2]) ?? res.end()) as never,
          }),
        error: (_req, res, _note, next) => {
          void next
          res.format({ html: () => res.send('html'), json: () => res.send('json') })
        },
      },
      { sent: [{}, ...accepts] },
    ))
  it('fails with the error that Express makes', () =>
    compare(
      {
        refused: (req, res, note) => {
          req.next = (error: unknown) => {
            note(Object.keys(error as object), JSON.stringify(error), (error as object).constructor.name)
            res.end()
          }
          res.format({ html: () => res.end(), 'text/plain; a=b': () => res.end() })
        },
      },
      { sent: [{ headers: { accept: 'image/png' } }] },
    ))
})
