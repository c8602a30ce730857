import request from '@expressway/testing'
import type { APIGatewayProxyEvent, APIGatewayProxyHandler, Context } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { createApp, fromLambdaHandler } from '../src/index.ts'

const answerWith = (result: unknown) => {
  const app = createApp<APIGatewayProxyEvent>({ source: 'rest-api', debug: true, logger: { error() {} } })
  app.get(
    '/',
    fromLambdaHandler((_event: APIGatewayProxyEvent) => result),
  )
  return request(app, { gateway: 'rest-api' }).get('/')
}

let warn: MockInstance
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('fromLambdaHandler()', () => {
  it('passes event and context, and answers with the result', async () => {
    const handler: APIGatewayProxyHandler = async (event, context) => ({
      statusCode: 201,
      headers: { 'X-Single': 'a', 'X-Number': 1, 'X-Flag': true },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'x-single': ['a', 'b'] },
      body: Buffer.from(JSON.stringify([event.path, context.awsRequestId])).toString('base64'),
      isBase64Encoded: true,
    })
    const app = createApp<APIGatewayProxyEvent>({ source: 'rest-api' }).get('/x', fromLambdaHandler(handler))
    const res = await request(app, { gateway: 'rest-api' }).get('/x').expect(201)
    expect(res.body).toEqual(['/x', expect.stringMatching(/^[\w-]+$/)])
    expect(res.headers).toMatchObject({
      'x-single': 'a, b',
      'x-number': '1',
      'x-flag': 'true',
      'set-cookie': ['a=1', 'b=2'],
    })
    expect(warn).not.toHaveBeenCalled()
  })

  it.each([
    ['200', 200],
    ['400', 400],
    [404, 404],
  ])('takes the status %j', async (statusCode, status) => {
    await answerWith({ statusCode, body: '{}' }).expect(status, {}).expect('content-type', 'application/json')
  })

  it.each(['2000', ' 200', 'OK', '', null, 20.5, 99, true, {}])('refuses the status %j', async (statusCode) => {
    const res = await answerWith({ statusCode }).expect(500)
    expect(res.body.message).toMatch(/^(TypeError: The statusCode|RangeError: The status)/)
  })

  it('leaves out headers that are undefined or null', async () => {
    const headers = { 'x-a': undefined, 'x-b': null, 'x-c': '', 'x-d': 0 }
    const res = await answerWith({
      statusCode: 200,
      headers,
      multiValueHeaders: null,
      cookies: null,
      body: '{}',
    }).expect(200)
    expect(res.headers).not.toHaveProperty('x-a')
    expect(res.headers).not.toHaveProperty('x-b')
    expect(res.headers).toMatchObject({ 'x-c': '', 'x-d': '0' })
  })

  it('takes the cookies of payload 2.0', async () => {
    const res = await answerWith({ statusCode: 204, cookies: ['a=1; Secure', 'b=2'] }).expect(204, '')
    expect(res.headers['set-cookie']).toEqual(['a=1; Secure', 'b=2'])
  })

  it('a result without statusCode is JSON, as HTTP APIs read it', async () => {
    await answerWith({ message: 'x' }).expect(200, { message: 'x' }).expect('content-type', 'application/json')
    await answerWith('{"a":1}').expect(200, { a: 1 }).expect('content-type', 'application/json')
    await answerWith([200, 'text/html', '<p>']).expect(200, [200, 'text/html', '<p>'])
  })

  it('warns once of a member that API Gateway does not know, and of a body that is not text', async () => {
    for (let i = 0; i < 2; i++) await answerWith({ statusCode: 200, header: {}, body: { a: 1 } }).expect(200, { a: 1 })
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringContaining('a member "header", which is not part of a proxy result'),
      expect.stringContaining('must be a string, not object; JSON of it was sent'),
    ])
  })

  it('an error of the handler is one of the route', async () => {
    const app = createApp<APIGatewayProxyEvent>({ logger: { error() {} } })
    app.get(
      '/',
      fromLambdaHandler(async (_event: APIGatewayProxyEvent, _context: Context) => Promise.reject(new Error('x'))),
    )
    await request(app).get('/').expect(500, { statusCode: 500, message: 'Internal server error' })
    const res = await answerWith(undefined).expect(500)
    expect(res.body.message).toContain('The Lambda handler returned undefined instead of a result')
  })

  it.each([
    ['one that takes a callback', (_event: unknown, _context: unknown, _callback: unknown) => undefined],
    ['undefined', undefined],
  ])('refuses %s, at registration', (name, handler) =>
    expect(() => fromLambdaHandler(handler as never)).toThrow(
      `takes a function (event, context) that returns its result, not ${name}`,
    ),
  )
})
