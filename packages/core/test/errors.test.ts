import request from '@expressway/testing'
import { describe, expect, it, vi } from 'vitest'
import * as core from '../src/index.ts'
import {
  type AppOptions,
  BadRequestError,
  createApp,
  createRouter,
  HttpError,
  isHttpError,
  NotFoundError,
} from '../src/index.ts'

const failing = (error: unknown, options: AppOptions = {}) => {
  const app = createApp(options)
  app.get('/', () => {
    throw error
  })
  return app
}

describe('HttpError', () => {
  it.each([
    ['BadRequestError', 400, 'Bad request'],
    ['UnauthorizedError', 401, 'Unauthorized'],
    ['ForbiddenError', 403, 'Forbidden'],
    ['NotFoundError', 404, 'Not found'],
    ['MethodNotAllowedError', 405, 'Method not allowed'],
    ['RequestTimeoutError', 408, 'Request timeout'],
    ['ConflictError', 409, 'Conflict'],
    ['ContentTooLargeError', 413, 'Content too large'],
    ['UnprocessableContentError', 422, 'Unprocessable content'],
    ['TooManyRequestsError', 429, 'Too many requests'],
    ['InternalServerError', 500, 'Internal server error'],
    ['ServiceUnavailableError', 503, 'Service unavailable'],
  ] as const)('%s is %i', async (name, status, message) => {
    const own = new core[name]()
    expect(own.name).toBe(name)
    await request(failing(own)).get('/').expect(status, { statusCode: status, message })
    await request(failing(new core[name]('mine')))
      .get('/')
      .expect(status, { statusCode: status, message: 'mine' })
  })

  it('carries headers, details and a cause', async () => {
    const cause = new Error('secret')
    const error = new HttpError(429, 'Slow down', { headers: { 'retry-after': '5' }, details: { limit: 10 }, cause })
    expect(error.cause).toBe(cause)
    await request(failing(error))
      .get('/')
      .expect(429, { statusCode: 429, message: 'Slow down', details: { limit: 10 } })
      .expect('retry-after', '5')
  })

  it('is problem details by option (RFC 9457)', () =>
    request(failing(new HttpError(409, 'Conflict', { details: { order: 7 } }), { errors: 'problem' }))
      .get('/')
      .expect(409, { order: 7, type: 'about:blank', status: 409, title: 'Conflict' })
      .expect('content-type', 'application/problem+json'))

  it.each([200, 399, 600, 404.5, Number.NaN])('refuses the status %d', (status) =>
    expect(() => new HttpError(status, 'x')).toThrow(RangeError),
  )

  it('is known by its brand, from another copy of the package too', () => {
    expect(isHttpError({ [Symbol.for('expressway.http-error')]: true, status: 404 })).toBe(true)
    expect(isHttpError(new Error('x'))).toBe(false)
    expect(isHttpError(null)).toBe(false)
  })
})

describe('an unknown error', () => {
  it.each([
    ['an Error', new Error('secret')],
    ['a string', 'secret'],
    ['null', null],
    ['undefined', undefined],
  ])('%s: 500 that reveals nothing, logged once', async (_name, error) => {
    const logger = { error: vi.fn() }
    await request(failing(error, { logger }))
      .get('/')
      .expect(500, { statusCode: 500, message: 'Internal server error' })
    expect(logger.error).toHaveBeenCalledExactlyOnceWith('Unhandled error in GET /:', error)
  })

  it('is shown with its stack by debug: true', async () => {
    const res = await request(failing(new Error('secret'), { debug: true, logger: { error: vi.fn() } }))
      .get('/')
      .expect(500)
    expect(res.body.message).toMatch(/^Error: secret\n\s+at /)
  })
})

describe('onError', () => {
  class DomainError extends Error {}
  class OrderError extends DomainError {}

  it('finds the closest class along the prototype chain', async () => {
    const app = createApp()
    app.onError(Error, () => [500, 'text/plain', 'error'])
    app.onError(DomainError, (error) => [409, 'text/plain', `domain ${error.message}`])
    app.get('/order', () => Promise.reject(new OrderError('7')))
    app.get('/error', () => Promise.reject(new TypeError('x')))
    app.get('/http', () => Promise.reject(new BadRequestError('x')))
    await request(app).get('/order').expect(409, 'domain 7')
    await request(app).get('/error').expect(500, 'error')
    await request(app).get('/http').expect(500, 'error')
    await request(app).get('/none').expect(500, 'error')
  })

  it('takes several classes, and may be asynchronous', async () => {
    const app = createApp()
    app.onError([RangeError, DomainError], async (_error, req, res) => res.status(422).json({ path: req.path }))
    app.get('/a', () => Promise.reject(new RangeError()))
    app.get('/b', () => Promise.reject(new OrderError()))
    await request(app).get('/a').expect(422, { path: '/a' })
    await request(app).get('/b').expect(422, { path: '/b' })
  })

  it("keeps the error's status where the handler chooses none", async () => {
    const app = createApp()
    app.onError(HttpError, (error) => ({ oops: error.message }))
    app.get('/', () => Promise.reject(new HttpError(418, 'teapot')))
    await request(app).get('/').expect(418, { oops: 'teapot' })
  })

  it.each([
    [
      'synchronously',
      () => {
        throw new HttpError(503, 'handler')
      },
    ],
    ['asynchronously', () => Promise.reject(new HttpError(503, 'handler'))],
  ])('may throw %s', async (_name, handler) => {
    const app = failing(new Error('first'))
    app.onError(Error, handler)
    await request(app).get('/').expect(503, { statusCode: 503, message: 'handler' })
  })

  it('drops what described the body that was not sent, and keeps the rest', async () => {
    const app = createApp()
    app.get('/', (_req, res) => {
      res
        .set('x-request', '1')
        .set('content-security-policy', 'x')
        .set('etag', '"a"')
        .type('text/csv')
        .set('cache-control', 'max-age=9')
      throw new NotFoundError()
    })
    const res = await request(app)
      .get('/')
      .expect(404)
      .expect('x-request', '1')
      .expect('content-type', 'application/json')
    expect(res.headers['content-security-policy']).toBe('x')
    expect(res.headers).not.toHaveProperty('etag')
    expect(res.headers).not.toHaveProperty('cache-control')
  })

  it("a nested router's handlers hold after the application's", async () => {
    const app = createApp()
    const router = createRouter()
    router.onError(DomainError, () => 'router')
    router.onError(RangeError, () => 'router')
    router.get('/domain', () => Promise.reject(new DomainError()))
    router.get('/range', () => Promise.reject(new RangeError()))
    app.onError(DomainError, () => 'app')
    app.use('/r', router)
    await request(app).get('/r/domain').expect('app')
    await request(app).get('/r/range').expect('router')
  })
})

describe('notFound and methodNotAllowed', () => {
  it('answer unmatched requests and thrown NotFoundErrors', async () => {
    const app = createApp()
    app.notFound((error, req) => [404, 'text/plain', `${req.path}: ${error.message}`])
    app.methodNotAllowed((_error, _req, res) => [405, 'text/plain', `try ${res.get('allow')}`])
    app.get('/thrown', () => Promise.reject(new NotFoundError('gone')))
    await request(app).get('/x').expect(404, '/x: Not found')
    await request(app).get('/thrown').expect(404, '/thrown: gone')
    await request(app).put('/thrown').expect(405, 'try GET, HEAD, OPTIONS')
  })

  it('makes its own error without a stack, and leaves the stacks of others alone', async () => {
    const app = createApp()
    let stack: string | undefined
    app.notFound((error) => {
      stack = error.stack
      return [404, 'text/plain', String(new Error('later').stack?.includes('\n    at '))]
    })
    await request(app).get('/x').expect(404, 'true')
    expect(stack).toBe('NotFoundError: Not found')
  })

  it.each([
    ['GET', core.NotFoundError],
    ['PUT', core.MethodNotAllowedError],
  ])('hand over for %s what is as good as one that was thrown', async (method, type) => {
    const app = createApp()
    const seen: HttpError[] = []
    const see = (error: HttpError): [number, string, string] => {
      seen.push(error)
      const before = String(error)
      error.message = 'mine'
      return [error.status, 'text/plain', before]
    }
    app.notFound(see).methodNotAllowed(see)
    app.get('/known', () => 'x')
    const thrown = new type()
    const twice = Array.from({ length: 2 }, () =>
      method === 'GET' ? request(app).get('/x') : request(app).put('/known'),
    )
    for (const unmatched of twice) await unmatched.expect(thrown.status, String(thrown))
    expect(seen[0]).toBeInstanceOf(type)
    expect(isHttpError(seen[0])).toBe(true)
    expect(seen[0]).not.toBe(seen[1])
  })

  it.each([
    ['GET', core.NotFoundError],
    ['PUT', core.MethodNotAllowedError],
  ])('show for %s no more members than one that was thrown', async (method, type) => {
    const app = createApp()
    app.notFound((error, _req, res) => res.status(404).json({ ...error }))
    app.methodNotAllowed((error, _req, res) => res.status(405).json({ ...error }))
    app.get('/known', () => 'x')
    const unmatched = method === 'GET' ? request(app).get('/x') : request(app).put('/known')
    await unmatched.expect(JSON.stringify({ ...new type() }))
  })

  it('a fault in what runs after the handlers is a 500 too', async () => {
    const logger = { error: vi.fn() }
    const allowOrigin = () => {
      throw new Error('no origins today')
    }
    const app = createApp({ logger, cors: { allowOrigin } })
    app.get('/', () => 'x')
    await request(app).get('/').set('Origin', 'https://a.example').expect(500)
    expect(logger.error).toHaveBeenCalled()
  })
})
