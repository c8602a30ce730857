import { type AnyClient, type Scenario, scenario, UNTYPED } from './scenario.ts'

const paths = [
  'hello',
  'plain',
  'umlaut',
  'latin1',
  'a',
  'json-suffix',
  'json-upper',
  'json-seq',
  'json-text',
  'json-bom',
  'json-empty',
  'json-null',
  'json-number',
  'json-array',
  'json-proto',
  'json-broken',
  'form-body',
  'xml',
  'octets',
  'png',
  'pdf',
  'audio',
  'font',
  'gz',
  'zip',
  'csv',
  'css',
  'unsafe-parameter',
  'big',
  'empty',
  'gzip',
  'gzip-upper',
  'deflate',
  'br',
  'gzip-binary',
  'gzip-truncated',
  'gzip-broken',
  'identity',
  'error',
  'headers',
  'nowhere',
  'cookies/set',
  'cookies/sign',
]
export const responses: Scenario[] = [
  ...paths.map((path) => scenario(`read /${path}`, (c) => c.get(`/${path}`))),
  ...['untyped', 'no-content', 'not-modified'].map((path) =>
    scenario(`read /${path}`, (c) => c.get(`/${path}`), UNTYPED),
  ),
  ...[
    200, 201, 202, 206, 299, 300, 400, 401, 402, 403, 404, 406, 409, 410, 418, 422, 429, 499, 500, 501, 502, 503, 599,
  ].map((status) => scenario(`status ${status}`, (c) => c.get(`/status/${status}`))),
  scenario('HEAD of JSON', (c) => c.head('/a')),
  scenario('HEAD of gzip', (c) => c.head('/gzip')),
  scenario('multipart', (c) => c.get('/multipart').ok(() => true)),
  scenario('responseType', (c) => c.get('/a').responseType('blob')),
  ...['a', 'json-suffix', 'json-broken', 'multipart'].map((path) =>
    scenario(`buffer off is not heard for /${path}`, (c) => c.get(`/${path}`).buffer(false)),
  ),
  scenario('buffer off is not heard with responseType', (c) => c.get('/plain').responseType('blob').buffer(false)),
  scenario('buffer off is not heard by a parser of JSON', (c) =>
    c
      .get('/a')
      .buffer(false)
      .parse((res: AnyClient, done: AnyClient) => {
        res.on('data', () => {})
        res.on('end', () => done(null, 'parsed'))
      }),
  ),
  scenario('the error of a response is one object', async (c) => {
    const response = await c.get('/status/500')
    response.body = Object.is(response.error, response.error)
    return response
  }),
  scenario('maxResponseSize', (c) => c.get('/big').maxResponseSize(1000)),
  scenario('maxResponseSize after decoding', (c) => c.get('/gzip-bomb').maxResponseSize(50_000)),
  scenario('maxResponseSize wrong', (c) => c.get('/big').maxResponseSize('1000')),
  scenario('parse', (c) =>
    c
      .get('/a')
      .buffer(true)
      .parse((res: AnyClient, done: AnyClient) => {
        res.setEncoding('utf8')
        let text = ''
        res.on('data', (chunk: string) => (text += chunk))
        res.on('end', () =>
          done(null, { length: text.length, type: res.headers['content-type'], status: res.statusCode }),
        )
      }),
  ),
  scenario('parse that sets text', (c) =>
    c.get('/gzip').parse((res: AnyClient, done: AnyClient) => {
      res.text = ''
      res.setEncoding('utf8')
      res.on('data', (chunk: string) => (res.text += chunk))
      res.on('end', () => done(null))
    }),
  ),
  scenario('parse that fails', (c) =>
    c.get('/a').parse((_res: AnyClient, done: AnyClient) => done(new Error('cannot parse'))),
  ),
]

export const redirects: Scenario[] = [
  scenario('redirect not followed', (c) => c.get('/redirect/302')),
  ...[301, 302, 303, 307, 308].flatMap((status) => [
    scenario(`redirect ${status} of GET`, (c) => c.get(`/redirect/${status}`).redirects(1)),
    scenario(`redirect ${status} of POST`, (c) =>
      c.post(`/redirect/${status}`).redirects(1).auth('a', 'b').send({ a: 1 }),
    ),
    scenario(`redirect ${status} of HEAD`, (c) => c.head(`/redirect/${status}`).redirects(1)),
  ]),
  scenario('redirect to a relative path', (c) => c.get('/redirect/relative/here').redirects(1)),
  scenario('redirect to the same origin', (c) => c.get('/redirect/absolute').redirects(1)),
  scenario('redirect twice', (c) => c.get('/redirect/twice').redirects(5)),
  scenario('redirects without end', (c) => c.get('/redirect/twice').redirects(-1)),
  scenario('redirect once of two', (c) => c.get('/redirect/twice').redirects(1)),
  scenario('redirect loop', (c) => c.get('/redirect/loop').redirects(3)),
  scenario('redirect to a broken URL', (c) => c.get('/redirect/invalid').redirects(1)),
  scenario('redirect to a file', (c) => c.get('/redirect/file').redirects(1)),
  scenario('redirect drops the query object', (c) => c.get('/redirect/302').query({ a: 1 }).redirects(1)),
  scenario('redirect of a text body', (c) => c.post('/redirect/307').type('text/plain').send('body').redirects(1)),
]
