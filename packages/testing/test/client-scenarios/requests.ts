import { type AnyClient, type Scenario, scenario } from './scenario.ts'

export const verbs: Scenario[] = [
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'del',
  'options',
  'head',
  'propfind',
  'report',
  'search',
].map((verb) => scenario(`verb ${verb}`, (client) => client[verb]('/echo/verb')))

export const headers: Scenario[] = [
  scenario('set(name, value)', (c) => c.get('/echo').set('X-One', '1')),
  scenario('set(object)', (c) => c.get('/echo').set({ 'X-One': '1', 'x-two': '2' })),
  scenario('set twice in two cases', (c) => c.get('/echo').set('X-One', '1').set('x-one', '2')),
  scenario('set a number', (c) => c.get('/echo').set('X-One', 1)),
  scenario('set an array', (c) => c.get('/echo').set('X-One', ['a', 'b']), 'lines are joined without a space'),
  scenario('set an empty value', (c) => c.get('/echo').set('X-One', '')),
  scenario('set the bytes of UTF-8', (c) => c.get('/echo').set('X-One', 'caf\xc3\xa9')),
  scenario('set Latin-1', (c) => c.get('/echo').set('X-One', 'caf\xe9'), 'a byte that is no UTF-8 becomes U+FFFD'),
  scenario('set undefined fails', (c) => c.get('/echo').set('X-One', undefined)),
  scenario('set a line feed fails', (c) => c.get('/echo').set('X-One', 'a\nb')),
  scenario('set beyond Latin-1 fails', (c) => c.get('/echo').set('X-One', '世')),
  scenario('set a bad name fails', (c) => c.get('/echo').set('X One', '1')),
  scenario('unset', (c) => c.get('/echo').set('X-One', '1').unset('x-one')),
  scenario('unset a default', (c) => c.get('/echo').unset('Accept-Encoding')),
  scenario('unset, then set', (c) => c.get('/echo').unset('Accept-Encoding').set('accept-encoding', 'br')),
  scenario('set Accept-Encoding', (c) => c.get('/echo').set('Accept-Encoding', 'identity')),
  scenario('set Content-Length to nothing', (c) => c.post('/echo').type('text/plain').send('')),
  scenario('type short', (c) => c.post('/echo').type('xml').send('<a/>')),
  scenario('type long', (c) => c.post('/echo').type('application/vnd.api+json').send('{}')),
  scenario('type form', (c) =>
    c
      .post('/echo')
      .type('form')
      .send({ a: 1, b: [1, 2] }),
  ),
  scenario('type text', (c) => c.post('/text').type('text').send('line')),
  scenario('accept short', (c) => c.get('/echo').accept('json')),
  scenario('accept long', (c) => c.get('/echo').accept('text/html;q=0.5')),
  scenario('auth basic', (c) => c.get('/echo').auth('ada', 'love:lace')),
  scenario('auth user only', (c) => c.get('/echo').auth('ada')),
  scenario('auth in UTF-8', (c) => c.get('/echo').auth('ädä', 'pß')),
  scenario('auth with a number', (c) => c.get('/echo').auth('ada', 123)),
  scenario('auth of an unknown type', (c) => c.get('/echo').auth('ada', 'b', { type: 'digest' })),
  scenario('auth bearer', (c) => c.get('/echo').auth('token', { type: 'bearer' })),
  scenario('auth auto', (c) => c.get('/echo').auth('ada', 'lovelace', { type: 'auto' })),
  scenario('bearer', (c) => c.get('/echo').bearer('token')),
  scenario('a Cookie field', (c) => c.get('/cookies').set('Cookie', 'a=1; b=2')),
  scenario('a Cookie array', (c) => c.get('/cookies').set('Cookie', ['a=1', 'b=2'])),
  scenario('use(plugin)', (c) => c.get('/echo').use((r: AnyClient) => r.set('X-Plugin', 'yes'))),
]

export const queries: Scenario[] = [
  scenario('query in the path', (c) => c.get('/echo?a=1&b=2')),
  scenario('query object', (c) => c.get('/echo').query({ a: 1, b: 'x y', c: true })),
  scenario('query text', (c) => c.get('/echo').query('a=1').query('b=2')),
  scenario('query text comes before objects', (c) =>
    c
      .get('/echo?k=v')
      .query({ z: [1, 2] })
      .query('first=1'),
  ),
  scenario('query objects merge', (c) => c.get('/echo').query({ a: 1, b: 1 }).query({ b: 2, c: 3 })),
  scenario('query arrays', (c) => c.get('/echo').query({ a: [1, 2, 3] })),
  scenario('query nested', (c) => c.get('/echo').query({ a: { b: { c: 1 } }, d: [{ e: 1 }] })),
  scenario('query null and undefined', (c) => c.get('/echo').query({ a: null, b: undefined, c: '' })),
  scenario('query a date', (c) => c.get('/echo').query({ at: new Date(0) })),
  scenario('query specials', (c) => c.get('/echo').query({ "a'(!*)": "~-._ &=+%#?/:;@,$'()*!" })),
  scenario('query unicode', (c) => c.get('/echo').query({ ü: '世界 🎉' })),
  scenario('query raw text unescaped', (c) => c.get('/echo').query('a=x y&b="q"&c=<d>')),
  scenario('query empty object', (c) => c.get('/echo').query({})),
  scenario('sortQuery', (c) => c.get('/echo?z=1').query('b=2').query({ a: 3 }).sortQuery()),
  scenario('sortQuery by function', (c) =>
    c
      .get('/echo?aaa=1&b=2')
      .query('cc=3')
      .sortQuery((a: string, b: string) => b.length - a.length),
  ),
  scenario('sortQuery off', (c) => c.get('/echo?z=1&a=2').sortQuery(false)),
  scenario('path with escapes', (c) => c.get('/echo/a%20b%2Fc')),
  scenario('path with a space', (c) => c.get('/echo/a b')),
  scenario('path in unicode', (c) => c.get('/echo/grüße/世')),
  scenario('path with dot segments', (c) => c.get('/echo/a/../b/./c')),
  scenario('path with two slashes', (c) => c.get('/echo//a//b')),
  scenario('path with a fragment', (c) => c.get('/echo/a#frag').query({ b: 1 })),
  scenario('path with quotes and brackets', (c) => c.get('/echo/a"b<c>[d]{e}|f^g`h')),
  scenario('path with a backslash', (c) => c.get('/echo/a\\b')),
  scenario('path with a malformed escape', (c) => c.get('/echo/%zz')),
]
