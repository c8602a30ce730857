import request from '@expressway/testing'
import { describe, expect, it, vi } from 'vitest'
import { createApp, createRouter } from '../src/index.ts'

describe('routes', () => {
  it.each(['get', 'post', 'put', 'patch', 'delete', 'options'] as const)('%s', async (verb) => {
    const app = createApp()
    app[verb]('/x', (req) => [200, 'text/plain', req.method])
    await request(app)[verb]('/x').expect(200, verb.toUpperCase())
  })

  it('any and all take every method', async () => {
    const app = createApp()
    app.all('/any', (req) => req.method)
    app.all('/all', (req) => req.method)
    await request(app).delete('/any').expect(200, 'DELETE')
    await request(app).patch('/all').expect(200, 'PATCH')
  })

  it('route() takes a method or several, in any case', async () => {
    const app = createApp()
    app.route(['get', 'POST'], '/x', (req) => req.method)
    app.route('PURGE', '/x', (req) => req.method)
    await request(app).post('/x').expect(200, 'POST')
    await request(app).put('/x').expect(405).expect('allow', 'GET, HEAD, OPTIONS, POST, PURGE')
  })

  it('the first registered that fits answers', async () => {
    const app = createApp()
    app.get('/users/:id', (req) => `user ${req.params.id}`)
    app.get('/users/me', () => 'me')
    await request(app).get('/users/me').expect(200, 'user me')
  })

  it.each([
    ['/hello/:name', '/hello/ada%20b', { name: 'ada b' }],
    ['/hello/:"full name"', '/hello/ada', { 'full name': 'ada' }],
    ['/files/*path', '/files/a/b%2Fc', { path: ['a', 'b/c'] }],
    ['/a{/:b}', '/a', {}],
    ['/a{/:b}', '/a/1', { b: '1' }],
    [/^\/n\/(\d+)$/, '/n/12', { 0: '12' }],
    ['/:__proto__', '/x', JSON.parse('{"__proto__":"x"}')],
  ])('%s takes %s', async (path, url, params) => {
    const app = createApp()
    app.get(path, (req) => ({ ...(req.params as object), proto: Object.getPrototypeOf(req.params) }))
    // An HTTP API would decode `%2F` before it makes the event.
    const res = await request(app, { gateway: 'rest-api' }).get(url).expect(200)
    expect(res.body).toEqual({ ...params, proto: null })
  })

  it('case and trailing slash count by option only', async () => {
    const lax = createApp()
    const strict = createApp({ caseSensitive: true, strict: true })
    for (const app of [lax, strict]) app.get('/Path', () => 'ok')
    await request(lax).get('/path/').expect(200)
    await request(strict).get('/path').expect(404)
    await request(strict).get('/Path/').expect(404)
    await request(strict).get('/Path').expect(200)
  })

  it('HEAD is answered from GET, without a body', async () => {
    const app = createApp()
    app.get('/x', () => ({ a: 1 }))
    const res = await request(app).head('/x').expect(200).expect('content-type', 'application/json')
    expect(res.text ?? '').toBe('')
  })

  it('a known path with another method is 405 with Allow, an unknown one 404', async () => {
    const app = createApp()
    app.get('/x', () => 'x').put('/x', () => 'x')
    await request(app)
      .post('/x')
      .expect(405, { statusCode: 405, message: 'Method not allowed' })
      .expect('allow', 'GET, HEAD, OPTIONS, PUT')
    await request(app).post('/y').expect(404, { statusCode: 404, message: 'Not found' })
  })

  it('OPTIONS of a known path says what it allows', async () => {
    const app = createApp()
    app.get('/x', () => 'x')
    await request(app).options('/x').expect(204, '').expect('allow', 'GET, HEAD, OPTIONS')
    await request(app).options('/y').expect(404)
  })
})

describe('nested routers', () => {
  it('answer under their prefix, with parameters of both', async () => {
    const app = createApp()
    const teams = createRouter()
    const users = createRouter()
    users.get('/', (req) => ({ ...(req.params as object) }))
    users.get('/:user', (req) => ({ ...(req.params as object) }))
    teams.use('/:team/users', users)
    app.use('/teams', teams)
    await request(app).get('/teams/1/users').expect(200, { team: '1' })
    await request(app).get('/teams/1/users/2').expect(200, { team: '1', user: '2' })
    await request(app).get('/users/2').expect(404)
  })

  it('may be filled after they were mounted', async () => {
    const app = createApp()
    const router = createRouter()
    app.use('/r', router)
    router.get('/late', () => 'late')
    await request(app).get('/r/late').expect(200, 'late')
  })

  it('keep the order of registration with routes around them', async () => {
    const app = createApp()
    const router = createRouter()
    router.get('/:x', () => 'router')
    app.use('/a', router)
    app.get('/a/b', () => 'route')
    await request(app).get('/a/b').expect(200, 'router')
  })

  it('hand their options down', async () => {
    const app = createApp({ cacheControl: 'max-age=1' })
    const router = createRouter({ cacheControl: 'max-age=2' })
    router.get('/a', () => 'a').get('/b', { cacheControl: 'max-age=3' }, () => 'b')
    app.use('/r', router)
    app.get('/c', () => 'c')
    await request(app).get('/r/a').expect('cache-control', 'max-age=2')
    await request(app).get('/r/b').expect('cache-control', 'max-age=3')
    await request(app).get('/c').expect('cache-control', 'max-age=1')
  })
})

describe('stripPrefixes', () => {
  const app = createApp({ stripPrefixes: ['/pay', /^\/v\d+/] })
  app.get('/', (req) => [200, 'text/plain', `root of ${req.rawPath}`])
  app.get('/*rest', (req) => [200, 'text/plain', req.path])

  it.each([
    ['/pay', 'root of /pay'],
    ['/pay/', 'root of /pay/'],
    ['/pay/x', '/x'],
    ['/payment/x', '/payment/x'],
    ['/pay/pay/x', '/pay/x'],
    ['/v12/x', '/x'],
    ['/v12x', '/v12x'],
    ['/x/v1/y', '/x/v1/y'],
    ['/pay/v1/x', '/v1/x'],
  ])('%s is routed as %s', async (url, expected) => {
    await request(app).get(url).expect(200, expected)
  })

  it.each([
    [{ stripPrefixes: '/pay' }],
    [{ stripPrefixes: [''] }],
    [{ stripPrefixes: ['pay'] }],
    [{ stripPrefixes: [7] }],
  ])('refuses %j', (options) => expect(() => createApp(options as never)).toThrow(TypeError))
})

describe('registration refuses', () => {
  const app = createApp()
  it.each([
    ['a route without a handler', () => app.get('/x'), '/x has no handler'],
    ['a handler that is none', () => app.get('/x', 'handler' as never), 'must be a function'],
    ["Express 4's wildcard", () => app.get('/a/*', () => 1), "'*' needs a name"],
    ["Express 4's optional parameter", () => app.get('/:id?', () => 1), 'Invalid path'],
    ['a method that is none', () => app.route('GET POST', '/', () => 1), 'HTTP methods'],
    ['middleware that is none', () => app.use({} as never), 'must be a function'],
    ['nothing to use', () => app.use('/x'), 'needs a middleware'],
    ['an error handler that is none', () => app.onError(Error, undefined as never), 'must be a function'],
    ['a status class that is none', () => app.onError(404 as never, () => 1), 'classes of errors'],
  ])('%s', (_name, register, message) => {
    expect(register).toThrow(TypeError)
    expect(register).toThrow(message)
  })

  it('routes after the first request', async () => {
    const app = createApp()
    await request(app).get('/').expect(404)
    expect(() => app.get('/', () => 1)).toThrow('before the first request')
  })
})

describe('an OPTIONS route alone', () => {
  const app = createApp().options('/*all', (_req, res) => res.status(204).set('x-own', '1'))
  app.get('/known', () => 'known')

  it('does not make a path known', async () => {
    await request(app).get('/unknown').expect(404)
    await request(app).post('/unknown').expect(404)
    await request(app).post('/known').expect(405).expect('allow', 'GET, HEAD, OPTIONS')
  })

  it('answers OPTIONS', () => request(app).options('/unknown').expect(204).expect('x-own', '1'))
})

describe('a route that is registered twice', () => {
  const twice = (debug: boolean) => {
    const router = createRouter().get('/x', () => 'second')
    return createApp({ debug })
      .get('/a/x', () => 'first')
      .use('/a', router)
      .post('/a/x', () => 'other')
  }

  it('is reported in debug, once, and the first answers', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await request(twice(false)).get('/a/x').expect(200, 'first')
    expect(warn).not.toHaveBeenCalled()
    await request(twice(true)).get('/a/x').expect(200, 'first')
    expect(warn.mock.calls).toEqual([
      ['expressway: GET /a/x is registered twice, and only the first registration answers'],
    ])
    warn.mockRestore()
  })
})
