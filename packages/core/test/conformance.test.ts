// Each behaviour once for each event source: one body, every gateway.
import request from '@expressway/testing'
import { type GatewayName, gatewayNames } from '@expressway/testing/gateway'
import { beforeEach, describe, expect, it } from 'vitest'
import { allowLog } from '../../../test/expect-log.ts'
import { createApp, HttpError, reply } from '../src/index.ts'

// Warned of once in a process, see stream-warning.test.ts.
beforeEach(() => allowLog(/a streamed body was collected/))

const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))

const app = createApp({ cors: { allowOrigin: ['https://a.example', 'https://b.example'] }, etag: true })
app.get('/hello/:name', (req) => [200, 'text/html; charset=utf-8', `Hello ${req.params.name}!`])
app.get('/json', () => ({ text: 'é\u{1f600}', n: 1n }))
app.get('/query', (req) => ({ ...req.query }))
app.get('/headers', (req) => [req.headers.get('X-One') ?? null, req.headers.get('User-Agent') ?? null])
app.get('/cookies', (req) => ({ ...req.cookies }))
app.get('/set-cookies', (_req, res) =>
  res
    .cookie('a', '1')
    .cookie('b', '2', { expires: new Date(0), httpOnly: true })
    .cookie('c', 'x y')
    .json(null),
)
app.get('/bytes', () => [200, 'image/png', bytes])
app.post('/echo', (req) => [200, 'application/octet-stream', req.bytes()])
app.post('/text', (req) => [200, 'text/plain; charset=utf-8', req.text()])
app.post('/json', (req) => reply({ status: 201, headers: { location: '/json/1' }, body: req.json() }))
app.post('/form', (req) => ({ ...req.form() }))
app.get('/error', () => Promise.reject(new HttpError(418, 'teapot', { headers: { 'retry-after': '1' } })))
app.get('/empty', (_req, res) => res.status(204).send())
app.get('/redirect', (_req, res) => res.redirect('/hello/ada'))
app.get('/list', (_req, res) => res.set('x-list', ['a', 'b']).json([]))
app.get('/who', (req) => ({ ip: req.ip, protocol: req.protocol, host: req.host, source: req.source }))
app.get('/stream', async function* (_req, res) {
  res.type('text/plain')
  yield 'one '
  yield 'two'
})

const sources: Record<GatewayName, string> = {
  'rest-api': 'rest-api',
  'http-api': 'http-api',
  'http-api-v1': 'http-api',
  'function-url': 'function-url',
  alb: 'alb',
  'alb-multi-value': 'alb',
  'vpc-lattice': 'vpc-lattice',
  'vpc-lattice-v1': 'vpc-lattice',
}

describe.each(gatewayNames)('%s', (gateway) => {
  // A REST API passes bytes only where its binaryMediaTypes say so.
  const via = () => request(app, { gateway })
  const binary = { 'rest-api': ['*/*'] }[gateway as string]

  it('routes, with parameters', () =>
    via().get('/hello/ada%20b').expect('content-type', /html/).expect(200, 'Hello ada b!'))

  it('answers JSON with every character', () => via().get('/json').expect(200, { text: 'é\u{1f600}', n: '1' }))

  it('reads a query with repeats, spaces and escapes', async () => {
    // These two put one value of a name into the event: the last.
    const a = gateway === 'alb' || gateway === 'vpc-lattice-v1' ? '2' : ['1', '2']
    await via().get('/query?a=1&a=2&b=x+y%26z&%C3%A9=%25').expect(200, { a, b: 'x y&z', é: '%' })
  })

  it('reads a query that has names of Object.prototype', async () => {
    const res = await via().get('/query?__proto__=1&constructor=2').expect(200)
    expect(res.text).toBe('{"__proto__":"1","constructor":"2"}')
  })

  it('reads headers in any case', () =>
    via().get('/headers').set('x-oNE', 'v').set('User-Agent', 'ua/1').expect(200, ['v', 'ua/1']))

  it('reads cookies', () => via().get('/cookies').set('Cookie', 'a=1; b=x%20y').expect(200, { a: '1', b: 'x y' }))

  it('sets several cookies, each whole', async () => {
    const res = await via().get('/set-cookies').expect(200)
    expect(res.headers['set-cookie']).toEqual([
      'a=1; Path=/',
      'b=2; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly',
      'c=x%20y; Path=/',
    ])
  })

  it('sends bytes to the bit', async () => {
    const test = via().get('/bytes').set('Accept', 'image/png')
    if (binary) test.binaryMediaTypes(binary)
    const res = await test.expect(200).expect('content-type', 'image/png')
    expect(Buffer.from(res.body)).toEqual(bytes)
  })

  it('receives bytes to the bit', async () => {
    const test = via().post('/echo').type('application/octet-stream').set('Accept', 'application/octet-stream')
    if (binary) test.binaryMediaTypes(binary)
    const res = await test.send(bytes).expect(200)
    expect(Buffer.from(res.body)).toEqual(bytes)
  })

  it('receives text with every character', () =>
    via().post('/text').type('text/plain').send('é\u{1f600}').expect(200, 'é\u{1f600}'))

  it('receives JSON and answers 201 with a location', () =>
    via()
      .post('/json')
      .send({ a: ['é'] })
      .expect('location', '/json/1')
      .expect(201, { a: ['é'] }))

  it('receives a form', () => via().post('/form').type('form').send('a=1&b=x+y').expect(200, { a: '1', b: 'x y' }))

  it('refuses broken JSON with 400', () =>
    via()
      .post('/json')
      .type('json')
      .send('{"a"')
      .expect(400, /not valid JSON/))

  it('answers an error with its headers', () =>
    via().get('/error').expect('retry-after', '1').expect(418, { statusCode: 418, message: 'teapot' }))

  it('answers 404, 405 with Allow, and HEAD', async () => {
    await via().get('/none').expect(404, { statusCode: 404, message: 'Not found' })
    await via().put('/json').expect('allow', 'GET, HEAD, OPTIONS, POST').expect(405)
    const head = await via().head('/json').expect(200)
    expect(head.text ?? '').toBe('')
  })

  it('answers 204 without a body, and redirects', async () => {
    await via().get('/empty').expect(204, '')
    await via().get('/redirect').expect('location', '/hello/ada').expect(302, '')
  })

  it('answers a preflight, and CORS on errors', async () => {
    const origin = 'https://b.example'
    const preflight = await via()
      .options('/json')
      .set('Origin', origin)
      .set('Access-Control-Request-Method', 'POST')
      .expect(204)
    expect(preflight.headers['access-control-allow-origin']).toBe(origin)
    expect(preflight.headers['access-control-allow-methods']).toBe('GET,HEAD,OPTIONS,POST')
    await via().get('/none').set('Origin', origin).expect('access-control-allow-origin', origin)
  })

  it('answers 304 where the client is current', async () => {
    const { etag } = (await via().get('/json').expect(200)).headers
    await via().get('/json').set('If-None-Match', String(etag)).expect(304, '')
  })

  it('joins a header of several values', () => via().get('/list').expect('x-list', 'a, b'))

  it('collects a stream', () => via().get('/stream').expect(200, 'one two'))

  it('knows the client by what the gateway vouches for, not by what it claims', async () => {
    const res = await via().get('/who').set('X-Forwarded-For', '6.6.6.6').sourceIp('203.0.113.7').expect(200)
    expect(res.body).toMatchObject({ ip: '203.0.113.7', source: sources[gateway] })
    expect(res.body.host).toEqual(expect.stringMatching(/\./))
  })

  it('loses nothing on the way', async () => {
    for (const path of ['/hello/ada', '/json', '/set-cookies', '/list']) await via().get(path).expectGateway('ok')
  })
})
