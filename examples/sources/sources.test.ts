// What the pages of docs/sources say of each event source, seen by a client.
import request from '@expressway/testing'
import { describe, expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { handler, picture, streamHandler } from './answer.ts'
import { handler as seen } from './seen.ts'

it('gives clients the same answer on every event source', () =>
  request(handler)
    .get('/any')
    .viaAll()
    .expectGateway('ok')
    .expectCookie('a', '1')
    .expectCookie('b', '2')
    .expect(201, { ok: true }))

describe('REST API', () => {
  const client = request(handler, { gateway: 'rest-api' })

  it('sends a picture as base64 text, unless its type is listed and accepted', async () => {
    const text = await client.get('/logo.png').accept('image/png').buffer(true)
    expect(text.rawBody.toString()).toBe(picture.toString('base64'))
    const bytes = await client.get('/logo.png').accept('image/png').binaryMediaTypes(['image/png'])
    expect(bytes.rawBody).toEqual(picture)
  })

  it('looks at the first type that a browser accepts', async () => {
    const image = () => client.get('/logo.png').accept('image/avif,image/webp,image/png,*/*;q=0.8')
    expect((await image().binaryMediaTypes(['image/png'])).rawBody).not.toEqual(picture)
    expect((await image().binaryMediaTypes(['*/*'])).rawBody).toEqual(picture)
  })

  it('damages bytes of a request whose type is not listed', async () => {
    const upload = () => request(seen, { gateway: 'rest-api' }).post('/').type('image/png').send(picture)
    expect((await upload()).event).toMatchObject({ body: '\u{fffd}PNG', isBase64Encoded: false })
    const listed = await upload().binaryMediaTypes(['*/*'])
    expect(listed.event).toMatchObject({ body: picture.toString('base64'), isBase64Encoded: true })
  })

  it('renames the header that asks for a password', async () => {
    expectLog(/renames www-authenticate/)
    const res = await client.get('/private').expect(401)
    expect(res.headers).toMatchObject({ 'x-amzn-remapped-www-authenticate': 'Basic' })
  })

  it('answers a path without a resource by itself', () =>
    client.get('/any').resource('/files/{name}').expect(403, { message: 'Missing Authentication Token' }))

  it('keeps the stage and a mapping out of the path', async () => {
    const own = await request(seen, { gateway: 'rest-api' }).get('/users/7').stage('prod')
    expect(own.body).toMatchObject({ path: '/users/7', basePath: '/prod' })
    const mapped = request(seen, { gateway: 'rest-api' }).get('/users/7').domain('api.example.com').basePath('shop')
    expect((await mapped.resource('/users/{id}')).body).toMatchObject({ path: '/users/7', basePath: '/shop' })
  })
})

describe('HTTP API', () => {
  const client = request(handler, { gateway: 'http-api' })

  it('has the stage in its path, and the application has not', () =>
    client.get('/files/a').stage('prod').expect(200, { name: 'a' }))

  it('decodes a slash', () => client.get('/files/a%2Fb').expect(201, { ok: true }))
  it('keeps it in payload 1.0', () => client.get('/files/a%2Fb').via('http-api-v1').expect(200, { name: 'a/b' }))

  it('replaces the function’s CORS by its own', async () => {
    const cors = { allowOrigins: ['https://b.example'] }
    const res = await client.get('/cors').set('Origin', 'https://b.example').gatewayOptions({ cors })
    expect(res.headers['access-control-allow-origin']).toBe('https://b.example')
    expect(res.gateway?.warnings).toEqual([expect.stringContaining("replaced by the gateway's own CORS")])
  })
})

describe('function URL', () => {
  const client = request(handler, { gateway: 'function-url' })

  it('streams a streaming handler', () =>
    request(streamHandler, { gateway: 'function-url' }).get('/any').stream().expect(201, { ok: true }))

  it('shows the JSON of a result if its mode is RESPONSE_STREAM and the handler does not stream', async () => {
    const res = await client.get('/any').gatewayOptions({ invokeMode: 'RESPONSE_STREAM' })
    expect(res.status).toBe(200)
    expect(res.body).toMatchObject({ statusCode: 201, body: '{"ok":true}' })
    expect(res.gateway?.warnings[0]).toContain('set the mode to BUFFERED')
  })

  it('takes no streaming handler if its mode is BUFFERED', () =>
    request(streamHandler, { gateway: 'function-url' }).get('/any').expect(502))

  it('adds its CORS to the function’s', async () => {
    const cors = { allowOrigins: ['https://a.example'] }
    const res = await client.get('/cors').set('Origin', 'https://a.example').gatewayOptions({ cors })
    expect(res.gateway?.warnings).toEqual([expect.stringContaining('is there twice')])
  })

  it('knows who signed', async () => {
    const userArn = 'arn:aws:iam::123456789012:user/ada'
    const res = await request(seen, { gateway: 'function-url' }).get('/').iam({ userArn })
    expect(res.body.identity.subject).toBe(userArn)
  })

  it('renames the header that asks for a password', async () => {
    expectLog(/renames www-authenticate/)
    const res = await client.get('/private').expect(401)
    expect(res.headers).toMatchObject({ 'x-amzn-remapped-www-authenticate': 'Basic' })
  })
})

describe('ALB', () => {
  it.each(['alb', 'alb-multi-value'] as const)('%s: answers in the mode of the request', async (gateway) => {
    await request(handler, { gateway })
      .get('/any')
      .expectGateway('ok')
      .expectCookie('a', '1')
      .expectCookie('b', '2')
      .expect(201)
  })

  it('passes the last of repeated lines, in single mode', async () => {
    const ask = () => request(seen).get('/?q=a&q=b')
    expect((await ask().via('alb')).body.query).toEqual({ q: 'b' })
    expect((await ask().via('alb-multi-value')).body.query).toEqual({ q: ['a', 'b'] })
  })

  it('does not decode a query: core does', async () => {
    const res = await request(seen).get('/?q=100%25+tea').via('alb')
    expect(res.event).toMatchObject({ queryStringParameters: { q: '100%25+tea' } })
    expect(res.body.query).toEqual({ q: '100% tea' })
  })

  it('is believed for the last address only', async () => {
    const res = await request(seen).get('/').via('alb').set('X-Forwarded-For', '203.0.113.9')
    expect(res.event).toMatchObject({ headers: { 'x-forwarded-for': '203.0.113.9, 192.0.2.1' } })
    expect(res.body.ip).toBe('192.0.2.1')
  })

  it('takes 1 MB', () => request(seen).post('/').via('alb').send('x'.repeat(1_100_000)).expect(413))
})

describe('VPC Lattice', () => {
  it.each(['vpc-lattice', 'vpc-lattice-v1'] as const)('%s: both versions are read', async (gateway) => {
    await request(handler, { gateway }).get('/files/a%20b').expectGateway('ok').expect(200, { name: 'a b' })
  })

  it('passes all of repeated names in version 2, the last in version 1', async () => {
    const ask = () => request(seen).get('/?q=a&q=b')
    expect((await ask().via('vpc-lattice')).body.query).toEqual({ q: ['a', 'b'] })
    expect((await ask().via('vpc-lattice-v1')).body.query).toEqual({ q: 'b' })
  })

  it('proves who calls in version 2 alone', async () => {
    const ask = () => request(seen).get('/').set('x-amzn-lattice-identity', 'Principal=mallory')
    expect((await ask().via('vpc-lattice-v1')).body.identity).toBeUndefined()
    const signed = await ask().via('vpc-lattice').iam({ userArn: 'arn:aws:iam::123456789012:role/shop' })
    expect(signed.body.identity.subject).toBe('arn:aws:iam::123456789012:role/shop')
  })
})
