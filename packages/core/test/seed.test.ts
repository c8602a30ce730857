// Every example of the two documents that the project was created from, by name.
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { createApp, type LambdaHandler, reply } from '../src/index.ts'

interface Result {
  statusCode: number
  headers: Record<string, string>
  body: string
  isBase64Encoded: boolean
}

/** The result with header names as the documents print them: they mean the same in any case (RFC 9110, section 5.1). */
async function call(handler: LambdaHandler, event: object): Promise<Result> {
  const result = JSON.parse(JSON.stringify(await handler(event, {}))) as Result
  const canonical = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
  const headers = Object.entries(result.headers).map(([name, value]) => [canonical(name), value])
  return { ...result, headers: Object.fromEntries(headers) }
}

const cors = {
  allowOrigin: 'https://www.example.com/',
  exposeHeaders: ['x-exposed-response-header'],
  allowHeaders: ['x-custom-request-header'],
  maxAge: 100,
  allowCredentials: true,
}

const corsHeaders = {
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Allow-Headers':
    'Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,x-custom-request-header',
  'Access-Control-Allow-Origin': 'https://www.example.com/',
  'Access-Control-Expose-Headers': 'x-exposed-response-header',
  'Access-Control-Max-Age': '100',
}

describe('all in one example', () => {
  const logo = Buffer.from('89504e470d0a1a0a', 'hex')
  const app = createApp({ cors })
  app.get('/foo', { compress: true }, () => [200, 'text/html', 'Hello'])
  app.get('/logo.png', () => [200, 'image/png', logo])
  app.post('/make_foo', { cors: true }, (req) => [
    200,
    'application/json',
    JSON.stringify(req.json<{ value: string }>().value),
  ])
  app.delete('/delete/:uid', (req) => {
    if (req.identity?.claims?.username !== 'Mike') throw new Error('the claims are not those of the event')
    return [200, 'application/json', JSON.stringify({ id: req.params.uid })]
  })
  app.get('/hello/:username', (req) => [200, 'text/html', `Hello ${req.params.username}!`])
  app.get('/rest', () => ({ message: 'Example', second: new Decimal('100.01') }))
  app.get('/foo3', () =>
    reply({
      status: 200,
      contentType: 'application/json',
      headers: { 'custom-header': 'value' },
      body: JSON.stringify({ message: 'Foo3' }),
    }),
  )

  it('GET /foo answers HTML', async () => {
    const result = await call(app.handler, { httpMethod: 'GET', path: '/foo' })
    expect(result).toMatchObject({ statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: 'Hello' })
  })

  it('GET /logo.png answers bytes as base64', async () => {
    const result = await call(app.handler, { httpMethod: 'GET', path: '/logo.png' })
    expect(result).toMatchObject({ isBase64Encoded: true, body: logo.toString('base64') })
    expect(result.headers['Content-Type']).toBe('image/png')
  })

  it('DELETE /delete/<uid> reads the claims of the authorizer', async () => {
    const requestContext = { authorizer: { claims: { username: 'Mike' } } }
    const result = await call(app.handler, { httpMethod: 'DELETE', path: '/delete/7', requestContext })
    expect(result).toMatchObject({ statusCode: 200, body: '{"id":"7"}' })
  })

  it('GET /hello/<username> captures a part of the path', async () => {
    const result = await call(app.handler, { httpMethod: 'GET', path: '/hello/ada' })
    expect(result).toMatchObject({ statusCode: 200, body: 'Hello ada!' })
  })

  it('POST /make_foo answers with CORS headers', async () => {
    const result = await call(app.handler, { httpMethod: 'POST', path: '/make_foo', body: '{"value": "Hello World"}' })
    expect(result).toMatchObject({ statusCode: 200, body: '"Hello World"', headers: corsHeaders })
  })
})

describe('compress examples', () => {
  it('GET /foo: the body, unzipped, and the fields are as printed', async () => {
    const app = createApp()
    app.get('/foo', { compress: true }, () => [200, 'text/html', 'Hello'])
    const event = { headers: { 'Accept-Encoding': 'gzip' }, httpMethod: 'GET', path: '/foo' }
    const result = await call(app.handler, event)
    expect(result).toMatchObject({
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'text/html' },
      isBase64Encoded: true,
      statusCode: 200,
    })
    const { gunzipSync } = process.getBuiltinModule('node:zlib')
    const printed = gunzipSync(Buffer.from('H4sIAAAAAAACE/NIzcnJBwCCidH3BQAAAA==', 'base64'))
    expect(gunzipSync(Buffer.from(result.body, 'base64'))).toEqual(printed)
  })
})

describe('CORS examples', () => {
  const app = createApp({ cors })
  app.post('/make_foo', { cors: true }, (req) => [
    200,
    'application/json',
    JSON.stringify(req.json<{ value: string }>().value),
  ])

  it('OPTIONS /make_foo', async () => {
    const { headers, ...result } = await call(app.handler, { httpMethod: 'OPTIONS', path: '/make_foo' })
    expect(result).toEqual({ body: '', isBase64Encoded: false, statusCode: 204 })
    // Beyond what is printed: what every OPTIONS answer says, and what caches have to know.
    const { Vary, Allow, ...printed } = headers
    expect([Vary, Allow]).toEqual(['Origin', 'OPTIONS, POST'])
    expect(printed).toEqual({ ...corsHeaders, 'Access-Control-Allow-Methods': 'OPTIONS,POST' })
  })

  it('POST /make_foo', async () => {
    const event = { body: '{"value": "Hello World"}', httpMethod: 'POST', path: '/make_foo' }
    const { headers, ...result } = await call(app.handler, event)
    expect(result).toEqual({ body: '"Hello World"', isBase64Encoded: false, statusCode: 200 })
    const { Vary, ...printed } = headers
    expect(Vary).toBe('Origin')
    expect(printed).toEqual({ ...corsHeaders, 'Content-Type': 'application/json' })
  })

  it('an Origin that is not allowed gets none', async () => {
    const event = {
      httpMethod: 'POST',
      path: '/make_foo',
      body: '{"value":1}',
      headers: { Origin: 'https://evil.example' },
    }
    const { headers } = await call(app.handler, event)
    expect(Object.keys(headers).filter((name) => name.startsWith('Access-Control'))).toEqual([])
  })
})

describe('simple rest example', () => {
  it('GET /rest answers JSON with decimals as strings', async () => {
    const app = createApp()
    app.get('/rest', () => ({ message: 'Example', second: new Decimal('100.01') }))
    expect(await call(app.handler, { httpMethod: 'GET', path: '/rest' })).toEqual({
      body: '{"message":"Example","second":"100.01"}',
      headers: { 'Content-Type': 'application/json' },
      isBase64Encoded: false,
      statusCode: 200,
    })
  })
})

describe('custom response', () => {
  it('GET /foo3 answers with its own header', async () => {
    const app = createApp()
    const body = '{"message": "Foo3"}'
    app.get('/foo3', () =>
      reply({ status: 200, contentType: 'application/json', headers: { 'custom-header': 'value' }, body }),
    )
    const result = await call(app.handler, { httpMethod: 'GET', path: '/foo3' })
    expect({ ...result, headers: { ...result.headers } }).toEqual({
      body,
      headers: { 'Content-Type': 'application/json', 'Custom-Header': 'value' },
      isBase64Encoded: false,
      statusCode: 200,
    })
  })
})

describe('API Gateway REST API proxy event', () => {
  const echo = createApp()
  echo.all('/*path', (req) => ({
    method: req.method,
    path: req.path,
    header2: req.headers.getAll('header2'),
    parameter1: req.query['parameter1'],
    foo: req.query['foo'],
    body: req.text(),
    ip: req.ip,
    certificate: req.identity?.clientCertificate?.subject,
    requestId: req.requestId,
    forwardedFor: req.headers.get('X-Forwarded-For'),
  }))
  const answer = async (event: object) => JSON.parse((await call(echo.handler, event)).body)

  it('Http GET request example', async () => {
    const event = {
      resource: '/my/path',
      path: '/my/path',
      httpMethod: 'GET',
      headers: { header1: 'value1', header2: 'value2' },
      multiValueHeaders: { header1: ['value1'], header2: ['value1', 'value2'] },
      queryStringParameters: { parameter1: 'value1', parameter2: 'value' },
      multiValueQueryStringParameters: { parameter1: ['value1', 'value2'], parameter2: ['value'] },
      requestContext: {
        accountId: '123456789012',
        apiId: 'id',
        authorizer: { claims: null, scopes: null },
        domainName: 'id.execute-api.us-east-1.amazonaws.com',
        httpMethod: 'GET',
        identity: {
          sourceIp: 'IP',
          userAgent: 'user-agent',
          clientCert: { clientCertPem: 'CERT_CONTENT', subjectDN: 'www.example.com', issuerDN: 'Example issuer' },
        },
        path: '/my/path',
        protocol: 'HTTP/1.1',
        requestId: 'id=',
        stage: '$default',
      },
      pathParameters: null,
      stageVariables: null,
      body: 'Hello from Lambda!',
      isBase64Encoded: false,
    }
    expect(await answer(event)).toMatchObject({
      method: 'GET',
      path: '/my/path',
      header2: ['value1', 'value2'],
      parameter1: ['value1', 'value2'],
      body: 'Hello from Lambda!',
      ip: 'IP',
      certificate: 'www.example.com',
      requestId: 'id=',
    })
  })

  it('Http post request: a base64 body is decoded', async () => {
    const event = {
      body: 'eyJ0ZXN0IjoiYm9keSJ9',
      resource: '/{proxy+}',
      path: '/path/to/resource',
      httpMethod: 'POST',
      isBase64Encoded: true,
      queryStringParameters: { foo: 'bar' },
      multiValueQueryStringParameters: { foo: ['bar'] },
      pathParameters: { proxy: '/path/to/resource' },
      stageVariables: { baz: 'qux' },
      headers: { 'X-Forwarded-For': '127.0.0.1, 127.0.0.2' },
      multiValueHeaders: { 'X-Forwarded-For': ['127.0.0.1, 127.0.0.2'] },
      requestContext: {
        stage: 'prod',
        requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
        identity: { sourceIp: '127.0.0.1' },
        path: '/prod/path/to/resource',
        resourcePath: '/{proxy+}',
        httpMethod: 'POST',
      },
    }
    expect(await answer(event)).toMatchObject({
      path: '/path/to/resource',
      foo: 'bar',
      body: '{"test":"body"}',
      ip: '127.0.0.1',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      forwardedFor: '127.0.0.1, 127.0.0.2',
    })
  })

  it('the response is as its data structure says', async () => {
    const app = createApp()
    app.get('/foo', () => ({ foo: 'value' }))
    expect(await call(app.handler, { httpMethod: 'GET', path: '/foo' })).toEqual({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json' },
      body: '{"foo":"value"}',
      isBase64Encoded: false,
    })
  })
})
