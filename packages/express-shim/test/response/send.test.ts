import { describe, it } from 'vitest'
import { compare, type Scenario } from './scenarios.ts'

/** What a body may be, also what TypeScript would not let through. */
const bodies: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  'empty text': '',
  text: 'hi',
  'text beyond ASCII': 'grüße ☃ 💩',
  'half a surrogate pair': 'a\ud83d',
  'long text': 'x'.repeat(3000),
  'long text beyond ASCII': 'é'.repeat(1200),
  zero: 0,
  number: 42,
  nan: Number.NaN,
  bigint: 1n,
  symbol: Symbol('s'),
  function: () => 1,
  true: true,
  false: false,
  object: { a: 1, b: [undefined, null], c: undefined },
  array: [1, 'two', { three: 3 }],
  date: new Date(0),
  buffer: Buffer.from('bytes'),
  'empty buffer': Buffer.alloc(0),
  'binary buffer': Buffer.from([0, 255, 128, 10, 13]),
  'large buffer': Buffer.alloc(5000, 7),
  uint8array: new Uint8Array([1, 2, 250]),
  uint16array: new Uint16Array([1, 2, 65535]),
  'long uint16array': new Uint16Array(2000),
  dataview: new DataView(new ArrayBuffer(4)),
  arraybuffer: new ArrayBuffer(3),
  map: new Map([[1, 2]]),
}

const each = (make: (body: unknown) => Scenario): Record<string, Scenario> =>
  Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, make(body)]))

const conditional = [
  {},
  { method: 'HEAD' },
  { method: 'POST' },
  { headers: { 'if-none-match': '*' } },
  { headers: { 'if-none-match': '*', 'cache-control': 'no-cache' } },
]

describe('res.send', () => {
  it('takes every kind of body as Express does', () => compare(each((body) => (_req, res) => res.send(body))))
  it('makes no tag where the setting is off', () =>
    compare(
      each((body) => (_req, res) => res.send(body)),
      { configure: (app) => app.disable('etag') },
    ))
  it('makes strong tags where they are asked for', () =>
    compare(
      each((body) => (_req, res) => res.send(body)),
      { configure: (app) => app.set('etag', 'strong') },
    ))
  it("gives an application's own tag function the bytes", () =>
    compare(
      each((body) => (_req, res) => res.send(body)),
      {
        configure: (app) => app.set('etag', (content: unknown, encoding: unknown) => `"${typeof content}-${encoding}"`),
      },
    ))
  it('keeps a type, a tag and a transfer encoding that are set', () =>
    compare({
      ...each((body) => (_req, res) => res.type('text/plain').set('ETag', '"own"').send(body)),
      'with charset': (_req, res) => res.set('Content-Type', 'text/html; charset=iso-8859-1; a="b c"').send('é'),
      'with quoted charset': (_req, res) => res.set('Content-Type', 'text/html; Charset="latin1"').send('é'),
      'broken type': (_req, res) => res.set('Content-Type', 'text/').send('é'),
      'type without charset': (_req, res) => res.setHeader('Content-Type', 'application/x-own').end('x'),
      'number as type': (_req, res) => {
        res.setHeader('Content-Type', 5)
        res.send('x')
      },
    }))
  it('answers conditional requests and HEAD', () =>
    compare(
      each((body) => (_req, res) => res.send(body)),
      { sent: conditional },
    ))
  it('compares the tag that it makes', () =>
    compare(
      {
        tag: (_req, res) => res.send('hi'),
        modified: (_req, res) => res.set('Last-Modified', 'Thu, 01 Jan 2015 00:00:00 GMT').send('hi'),
      },
      {
        sent: [
          { headers: { 'if-none-match': 'W/"2-witfkXg0JglCjW9RssWvTAveakI"' } },
          { headers: { 'if-none-match': '"2-witfkXg0JglCjW9RssWvTAveakI"' } },
          { headers: { 'if-none-match': '"x", "2-witfkXg0JglCjW9RssWvTAveakI" ' } },
          { headers: { 'if-none-match': '"x"' } },
          { headers: { 'if-modified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' } },
          { headers: { 'if-modified-since': 'Wed, 31 Dec 2014 00:00:00 GMT' } },
          { headers: { 'if-modified-since': 'soon' } },
          { method: 'HEAD', headers: { 'if-modified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' } },
        ],
      },
    ))
  it('leaves out body and fields where the status has none', () =>
    compare(
      Object.fromEntries(
        [200, 201, 204, 205, 206, 301, 304, 404, 500, 999].map((status) => [
          `status ${status}`,
          (_req, res) => res.status(status).set('Transfer-Encoding', '').send('body'),
        ]),
      ),
      { sent: [{}, { method: 'HEAD' }], only: [] },
    ))
  it('shows whoever replaced what sets fields the values that Express shows', () =>
    compare({
      set: (_req, res, note) => {
        const { set } = res
        res.set = ((name: string, value: string) => {
          note(name, value)
          return set.call(res, name, value)
        }) as typeof set
        res.send('hi')
      },
    }))
})

describe('res.json', () => {
  const values = each((value) => (_req, res) => res.json(value))
  it('writes every kind of value as Express does', () => compare(values))
  it('goes by the settings', () =>
    compare(
      {
        ...values,
        html: (_req, res) => res.json({ '</script>': '<&>' }),
        nested: (_req, res) => res.json({ a: { b: 1 } }),
      },
      {
        configure: (app) =>
          app
            .set('json spaces', 2)
            .set('json escape', true)
            .set('json replacer', (key: string, value: unknown) => (key === 'b' ? 'x' : value)),
      },
    ))
  it('keeps a type that is set', () =>
    compare({
      own: (_req, res) => res.type('application/vnd.api+json').json({}),
      status: (_req, res) => res.status(201).json({}),
    }))
})

describe('res.jsonp', () => {
  const values = {
    ...each((value) => (_req, res) => res.jsonp(value)),
    separators: (_req, res) => res.jsonp('\u2028\u2029'),
  } as Record<string, Scenario>
  it('wraps every kind of value as Express does', () =>
    compare(values, {
      sent: [
        {},
        { path: '?callback=cb' },
        { path: '?callback=' },
        { path: '?callback=a%3Balert(1)//.b[c]$' },
        { path: '?callback=a&callback=b' },
      ],
      only: ['function-url'],
    }))
  it('goes by the settings', () =>
    compare(values, {
      sent: [{ path: '?cb=x' }],
      configure: (app) => app.set('jsonp callback name', 'cb').set('json spaces', 1),
    }))
  it('keeps a type that is set', () =>
    compare({ own: (_req, res) => res.type('text/plain').jsonp({}) }, { sent: [{}, { path: '?callback=x' }] }))
})

describe('res.status and res.sendStatus', () => {
  const codes = [
    200,
    204,
    304,
    404,
    418,
    425,
    799,
    99,
    1000,
    0,
    -1,
    200.5,
    Number.NaN,
    '200',
    null,
    undefined,
    [],
    {},
    '404.1',
    1e21,
  ]
  const all = (make: (code: number) => Scenario) =>
    Object.fromEntries(codes.map((code, index) => [`${index} ${String(code)}`, make(code as number)]))
  it('refuse what is no status with the same words', () =>
    compare(all((code) => (_req, res) => res.status(code).end())))
  it('answer with the phrase', () => compare(all((code) => (_req, res) => res.sendStatus(code))))
})
