import { gunzipSync } from 'node:zlib'
import request, { agent } from '@expressway/testing'
import { lambdaContext } from '@expressway/testing/context'
import { expect, it } from 'vitest'
import { handler } from './app.ts'

interface Result {
  statusCode: number
  headers: Record<string, string>
  body: string
  isBase64Encoded: boolean
}

// The events are those of the document, which have no more members than these. Names of headers mean the same in any case.
const call = async (event: object) => (await handler(event, lambdaContext())) as Result

const cors = {
  'access-control-allow-credentials': 'true',
  'access-control-allow-headers':
    'Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,x-custom-request-header',
  'access-control-allow-origin': 'https://www.example.com/',
  'access-control-expose-headers': 'x-exposed-response-header',
  'access-control-max-age': '100',
}

it('GET /foo is HTML, compressed for a client that takes it', async () => {
  expect(await call({ httpMethod: 'GET', path: '/foo' })).toMatchObject({ body: 'Hello', isBase64Encoded: false })
  const result = await call({ httpMethod: 'GET', path: '/foo', headers: { 'Accept-Encoding': 'gzip' } })
  expect(result).toMatchObject({
    statusCode: 200,
    isBase64Encoded: true,
    headers: { 'content-encoding': 'gzip', 'content-type': 'text/html' },
  })
  // Two zlibs write different bytes for the same text.
  const printed = 'H4sIAAAAAAACE/NIzcnJBwCCidH3BQAAAA=='
  expect(gunzipSync(Buffer.from(result.body, 'base64'))).toEqual(gunzipSync(Buffer.from(printed, 'base64')))
})

it('GET /logo.png is bytes', async () => {
  const result = await call({ httpMethod: 'GET', path: '/logo.png' })
  expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: true, headers: { 'content-type': 'image/png' } })
  expect(result.body).toMatch(/^iVBORw0KGgo/)
})

it('OPTIONS /make_foo answers a preflight', async () => {
  const result = await call({ httpMethod: 'OPTIONS', path: '/make_foo' })
  expect(result).toMatchObject({ statusCode: 204, isBase64Encoded: false })
  expect(result.headers).toMatchObject({ ...cors, 'access-control-allow-methods': 'OPTIONS,POST' })
})

it('POST /make_foo answers with CORS headers', async () => {
  const result = await call({ httpMethod: 'POST', path: '/make_foo', body: '{"value": "Hello World"}' })
  expect(result).toMatchObject({ statusCode: 200, body: '"Hello World"', isBase64Encoded: false })
  expect(result.headers).toMatchObject({ ...cors, 'content-type': 'application/json' })
})

it('DELETE /delete/7 is for Mike', async () => {
  const as = (username: string) => ({
    httpMethod: 'DELETE',
    path: '/delete/7',
    requestContext: { authorizer: { claims: { username } } },
  })
  expect(await call(as('Mike'))).toMatchObject({ statusCode: 200, body: '{"id":"7"}' })
  expect(await call(as('Ada'))).toMatchObject({ statusCode: 403 })
})

it('GET /hello/ada takes a part of the path', async () => {
  expect(await call({ httpMethod: 'GET', path: '/hello/ada' })).toMatchObject({ statusCode: 200, body: 'Hello ada!' })
})

it('GET /rest writes decimals as text', async () => {
  expect(await call({ httpMethod: 'GET', path: '/rest' })).toMatchObject({
    statusCode: 200,
    body: '{"message":"Example","second":"100.01"}',
    headers: { 'content-type': 'application/json' },
  })
})

it('GET /foo3 has its own header', async () => {
  const result = await call({ httpMethod: 'GET', path: '/foo3' })
  expect(result).toMatchObject({
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'custom-header': 'value' },
  })
  expect(JSON.parse(result.body)).toEqual({ message: 'Foo3' })
})

it('answers the same on every event source', async () => {
  await request(handler).get('/hello/ada').viaAll().expect(200, 'Hello ada!')
  await request(handler).get('/rest').viaAll().expect(200, { message: 'Example', second: '100.01' })
  await request(handler)
    .post('/make_foo')
    .send({ value: [1] })
    .viaAll()
    .expect(200, [1])
  await request(handler).get('/nothing').viaAll().expect(404, { statusCode: 404, message: 'Not found' })
})

it('differs as docs/porting/powertools-python.md says', async () => {
  const client = agent(handler, { gateway: 'rest-api' })
  await client.head('/rest').expect(200)
  await client.put('/rest').expect(405).expect('allow', /GET/)
  await client.get('/REST/').expect(200)
  await client.get('/hello/Zo%C3%AB').expect(200, 'Hello Zoë!')
  await client.post('/make_foo').type('json').send('{').expect(400)
  await client.get('/rest').set('origin', 'https://other.example').expect('vary', 'Origin')
})
