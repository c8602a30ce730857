import { describe, it } from 'vitest'
import type { Sent } from '../differential/harness.ts'
import { compare, type Scenario } from '../response/scenarios.ts'

const anyway = <Type = never>(value: unknown): Type => value as Type
const all = { only: undefined } as const

/** A scenario that notes what a function makes of the request. */
const notes =
  (look: (req: Parameters<Scenario>[0], res: Parameters<Scenario>[1]) => unknown): Scenario =>
  (req, res, note) => {
    note(look(req, res))
    res.end()
  }

describe('fields of a request', () => {
  it('are read by any spelling', () =>
    compare(
      {
        get: notes((req) => [
          req.get('X-Own'),
          req.header('x-own'),
          req.get('Referer'),
          req.get('referrer'),
          req.get('nothing'),
        ]),
        headers: notes((req) => [req.headers['x-own'], req.headers.host]),
        'no name': notes((req) => req.get(anyway(undefined))),
        'empty name': notes((req) => req.get('')),
        'number as name': notes((req) => req.get(anyway(42))),
      },
      { sent: [{ headers: { 'X-Own': 'a', Referrer: '/here' } }, { headers: { referer: '/there' } }, {}], ...all },
    ))
  const repeated: Sent = {
    headers: {
      'X-Own': ['a', 'b'],
      Cookie: ['a=1', 'b=2'],
      'Content-Type': ['text/plain', 'text/html'],
      'User-Agent': ['one', 'two'],
      Accept: ['text/html', 'text/plain'],
      'If-Modified-Since': ['x', 'y'],
      'Set-Cookie': ['s=1', 's=2'],
    },
  }
  it('that are repeated are joined or dropped as by Node', () =>
    compare(
      {
        headers: notes((req) => {
          const { 'x-own': own, cookie, accept, 'user-agent': agent } = req.headers
          return [
            own,
            cookie,
            accept,
            agent,
            req.headers['content-type'],
            req.headers['if-modified-since'],
            req.headers['set-cookie'],
          ]
        }),
        get: notes((req) => [req.get('x-own'), req.get('set-cookie')]),
        distinct: notes((req) => [
          req.headersDistinct['x-own'],
          req.headersDistinct.accept,
          req.headersDistinct['nothing'],
        ]),
      },
      { sent: [repeated], only: ['rest-api', 'alb-multi-value', 'vpc-lattice'] },
    ))
  it('one cookie to set is a list too', () =>
    compare({ one: notes((req) => req.headers['set-cookie']) }, { sent: [{ headers: { 'Set-Cookie': 'a=b' } }] }))
  it('can be replaced', () =>
    compare({
      headers: notes((req) => {
        req.headers = { 'x-a': 'b' }
        return [req.headers, req.get('X-A')]
      }),
      one: notes((req) => {
        req.headers['x-a'] = 'b'
        return req.get('X-A')
      }),
    }))
})

describe('the target', () => {
  const paths = ['?a=1&b=2', '', '?a[b]=c', '?x=%20y+z', '?a=1&a=2', '?__proto__=1&constructor=2', '?q=100%', '?a=b?c']
  it('has path, query and the rest', () =>
    compare(
      {
        target: notes((req) => [req.url, req.path, req.originalUrl, req.baseUrl, req.method, req.query, req.params]),
        again: notes((req) => {
          const { query } = req
          ;(query as Record<string, unknown>).z = 1
          return [query === req.query, req.query]
        }),
        rewritten: notes((req) => {
          req.url = '/other?x=1'
          return [req.path, req.query, req.originalUrl]
        }),
        odd: notes((req) =>
          ['http://a.b/c?d=e', '*', '//x/y', 'a b', '/x#y', '?q'].map((url) => {
            req.url = url
            return req.path
          }),
        ),
        assigned: (req, res, note) => {
          try {
            req.query = { a: 'b' }
          } catch (error) {
            note((error as Error).name)
          }
          res.end()
        },
        named: notes(
          (req) =>
            Object.getPrototypeOf(req).constructor.name ||
            Object.getPrototypeOf(Object.getPrototypeOf(req)).constructor.name,
        ),
      },
      { sent: paths.map((path) => ({ path })), only: ['function-url'] },
    ))
  it('is parsed as the setting says', async () => {
    const program = { query: notes((req) => req.query) }
    const sent = [{ path: '?a[b]=c&d[]=1' }, {}]
    for (const parser of ['extended', 'simple', true, false, (text: string) => ({ text })]) {
      await compare(program, { sent, configure: (app) => app.set('query parser', parser), only: ['function-url'] })
    }
  })
  it('is rewritten where a router is mounted', () =>
    compare(
      { mounted: (req, res, _note, next) => void (req.url === '/mounted' ? res.end() : next()) },
      {
        sent: [{ path: '/sub?x=1' }],
        configure: (app) =>
          app.use('/mounted', (req, res) => void res.json([req.url, req.baseUrl, req.originalUrl, req.path])),
      },
    ))
})

describe('what the client accepts', () => {
  const look = {
    accepts: notes((req) => [
      req.accepts(),
      req.accepts('html'),
      req.accepts('text/html', 'json'),
      req.accepts(['json', 'text']),
      req.accepts('image/png', 'application/json;v=1'),
      req.accepts('nonsense'),
      req.accepts(anyway([])),
    ]),
    encodings: notes((req) => [
      req.acceptsEncodings(),
      req.acceptsEncodings('gzip'),
      req.acceptsEncodings('br', 'gzip', 'identity'),
    ]),
    charsets: notes((req) => [
      req.acceptsCharsets(),
      req.acceptsCharsets('utf-8'),
      req.acceptsCharsets('iso-8859-1', 'utf-8'),
    ]),
    languages: notes((req) => [
      req.acceptsLanguages(),
      req.acceptsLanguages('en'),
      req.acceptsLanguages('de-AT', 'en-us', 'fr'),
    ]),
  }
  const fields = [
    {},
    { accept: 'text/*;q=0.3, text/html;q=0.7, text/html;level=1, */*;q=0.5' },
    { accept: 'application/json, text/html' },
    { accept: 'image/*' },
    { accept: 'TEXT/HTML; Q=0.5' },
    { accept: '' },
    { accept: ',,text/html;q=0' },
    { 'accept-encoding': 'gzip;q=0.8, br' },
    { 'accept-encoding': 'identity;q=0, *' },
    { 'accept-encoding': '*;q=0' },
    { 'accept-charset': 'utf-8;q=0.5, iso-8859-1, *;q=0.1' },
    { 'accept-language': 'de;q=0.9, en-US;q=0.8, fr-CH' },
    { 'accept-language': '*' },
    { accept: 'text/html;v="a,b";q=0.2, text/plain' },
  ].map((headers) => ({ headers }) as Sent)
  it('is negotiated as in Express', () => compare(look, { sent: fields, only: ['function-url', 'alb-multi-value'] }))
  it('is asked for with a list, its items, or nothing', () => {
    const asked = [[], [undefined], [null], [''], [0], [['json', 'gzip', 'en'], 'html'], ['en', '']]
    const methods = ['accepts', 'acceptsEncodings', 'acceptsCharsets', 'acceptsLanguages'] as const
    const program = methods.flatMap((method) =>
      asked.map((args, index) => [
        `${method} ${index}`,
        notes((req) => (req[method] as (...offer: unknown[]) => unknown)(...args)),
      ]),
    )
    return compare(Object.fromEntries(program), {
      sent: [{}, { headers: { accept: 'text/html, application/json;q=0.5', 'accept-language': 'de, en' } }],
    })
  })
})

describe('req.is', () => {
  const look = {
    is: notes((req) => [
      req.is('json'),
      req.is('application/json'),
      req.is('application/*'),
      req.is('*/*'),
      req.is('+json'),
      req.is('text'),
      req.is(...anyway<[string]>(['html', 'json'])),
      req.is(['urlencoded', 'multipart']),
      req.is('*/json'),
      req.is(anyway([])),
      req.is(anyway(undefined)),
      req.is('nonsense'),
      req.is('a/b/c'),
    ]),
  }
  const types = [
    'application/json',
    'application/json; charset=utf-8',
    'application/vnd.api+json',
    'text/html',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'nonsense',
    'TEXT/Plain',
    '',
  ]
  it('is Express', () =>
    compare(look, {
      sent: [
        {},
        { headers: { 'content-type': 'text/html' } },
        { method: 'POST', body: 'x' },
        ...types.map((type) => ({ method: 'POST', body: 'x', headers: { 'content-type': type } })),
      ],
      only: ['function-url'],
    }))
})

describe('req.range', () => {
  const fields = [
    'bytes=0-50,51-100',
    'bytes=0-0',
    'bytes=-5',
    'bytes=5-',
    'bytes=200-',
    'bytes=x',
    'nonsense',
    'items=0-5,2-3,90-',
    'bytes=5-2',
    'bytes=-',
    'bytes=1-2-3',
    'bytes= 1 - 2 ',
    'bytes=-500',
    'bytes=0-1,1-2,5-6,3-3',
    '',
  ]
  it('is Express', () =>
    compare(
      {
        range: notes((req) => {
          const ranges = req.range(120)
          return [ranges, Array.isArray(ranges) ? ranges.type : null]
        }),
        combined: notes((req) => {
          const ranges = req.range(120, { combine: true })
          return [ranges, Array.isArray(ranges) ? ranges.type : null]
        }),
      },
      { sent: [{}, ...fields.map((range) => ({ headers: { range } }))] },
    ))
  it('is Express of a resource whose size is no number', () =>
    compare(
      Object.fromEntries(
        [undefined, null, '120', 'x', Number.NaN, 0, Number.POSITIVE_INFINITY].map((size, index) => [
          `${index}`,
          notes((req) => req.range(anyway(size))),
        ]),
      ),
      { sent: fields.map((range) => ({ headers: { range } })) },
    ))
})

describe('freshness and kind', () => {
  it('are known for the response so far', () =>
    compare(
      {
        fresh: (req, res, note) => {
          res.set('ETag', '"a"').set('Last-Modified', 'Thu, 01 Jan 2015 00:00:00 GMT')
          note(req.fresh, req.stale, req.xhr)
          note(res.status(404) && req.fresh, res.status(304) && req.fresh)
          res.status(200).end()
        },
      },
      {
        sent: [
          {},
          { headers: { 'if-none-match': '"a"' } },
          { headers: { 'if-none-match': 'W/"a"' }, method: 'HEAD' },
          { headers: { 'if-none-match': '"b", "a"' } },
          { headers: { 'if-none-match': '"b"' } },
          { headers: { 'if-none-match': '"a"' }, method: 'POST' },
          { headers: { 'if-modified-since': 'Fri, 02 Jan 2015 00:00:00 GMT' } },
          { headers: { 'if-modified-since': 'nonsense' } },
          { headers: { 'if-none-match': '"a"', 'cache-control': 'max-age=0, no-cache' } },
          { headers: { 'x-requested-with': 'XMLHttpRequest' } },
        ],
      },
    ))
})

describe('host and protocol', () => {
  const look = {
    host: notes((req) => [req.host, req.hostname, req.subdomains, req.protocol, req.secure]),
  }
  const sent = [
    {},
    { headers: { host: 'tobi.ferrets.example.com:3000' } },
    { headers: { host: '[::1]:8080' } },
    { headers: { host: '127.0.0.1:80' } },
    { headers: { host: 'localhost' } },
    { headers: { host: '' } },
    { headers: { 'x-forwarded-host': 'other.example.org, inner' } },
    { headers: { 'x-forwarded-proto': 'https, http' } },
    { headers: { 'x-forwarded-proto': ' ftp ' } },
  ]
  it('are those of the request', () => compare(look, { sent, only: [] }))
  it('are those that a trusted proxy names', () =>
    compare(look, { sent, only: [], configure: (app) => app.set('trust proxy', true) }))
  it('follow the settings', () =>
    compare(look, {
      sent,
      only: [],
      configure: (app) => app.set('subdomain offset', 3).set('trust proxy', 'loopback'),
    }))
})

describe('the predicate of trust proxy', () => {
  const asked: unknown[] = []
  const look = {
    proxies: notes((req) => {
      asked.length = 0
      return [req.ip, req.ips, asked]
    }),
  }
  const sent = [{}, { headers: { 'x-forwarded-for': '1.1.1.1, 2.2.2.2,, 3.3.3.3' } }]
  it.each([0, 1, 2, 9])('is asked about proxies only, of whom it trusts %i', (trusted) =>
    compare(look, {
      sent,
      only: [],
      configure: (app) =>
        app.set('trust proxy', (address: string, hop: number) => {
          asked.push([address, hop])
          return hop < trusted
        }),
    }),
  )
})

describe('what a request is not given', () => {
  it('a body, before a parser made one', () =>
    compare(
      { body: notes((req) => [req.body, 'body' in req, Object.hasOwn(req, 'body')]) },
      { sent: [{}, { method: 'POST', body: 'x' }] },
    ))
})
