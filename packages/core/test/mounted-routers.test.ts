import request from '@expressway/testing'
import { describe, expect, it } from 'vitest'
import { createApp, createRouter, UnauthorizedError } from '../src/index.ts'

// Trees of routers are compared with Express in packages/testing/fuzz/tree-properties.ts.
describe('the guard of a mounted router', () => {
  const guarded = () => {
    const app = createApp({ cors: true })
    app.get('/admin/before', () => 'before')
    const admin = createRouter()
    admin.use(() => {
      throw new UnauthorizedError()
    })
    admin.get('/users', () => 'users')
    app.use('/admin', admin)
    app.get('/admin/report', () => 'report').put('/admin/report', () => 'put')
    app.get('/administrator', () => 'other')
    const second = createRouter()
    second.get('/second', () => 'second')
    app.use('/admin', second)
    return app
  }

  it.each([
    ['its own route', '/admin/users', 401],
    ['a route of the application that is registered later', '/admin/report', 401],
    ['a route of another router under the same path', '/admin/second', 401],
    ['a path that no route matches', '/admin/none', 401],
    ['a route that was registered before', '/admin/before', 200],
    ['a path that only begins alike', '/administrator', 200],
  ])('holds for %s: %s gives %i', async (_name, path, status) => {
    await request(guarded()).get(path).expect(status)
  })

  it('holds for 405, and lets a preflight through, which carries no credentials', async () => {
    await request(guarded()).delete('/admin/report').expect(401)
    const preflight = request(guarded()).options('/admin/report').set('Origin', 'https://a.example')
    await preflight.set('Access-Control-Request-Method', 'PUT').expect(204)
    await request(guarded()).options('/admin/report').expect(401)
  })
})

describe('a RegExp in a mounted router is refused at its registration', () => {
  it.each([
    [
      'a route, then the mount',
      () =>
        createApp().use(
          '/api',
          createRouter().get(/x/, () => 'x'),
        ),
    ],
    [
      'middleware, then the mount',
      () =>
        createApp().use(
          '/api',
          createRouter().use(/x/, (_req, _res, next) => next()),
        ),
    ],
    [
      'a route in a list of paths',
      () =>
        createApp().use(
          '/api',
          createRouter().get(['/y', /x/], () => 'x'),
        ),
    ],
    [
      'the mount, then a route',
      () => {
        const router = createRouter()
        createApp().use('/api', router)
        router.get(/x/, () => 'x')
      },
    ],
    ['a router in it', () => createApp().use('/api', createRouter().use(createRouter().get(/x/, () => 'x')))],
    [
      'a router that is mounted into it later',
      () => {
        const router = createRouter()
        createApp().use('/api', router)
        router.use(createRouter().get(/x/, () => 'x'))
      },
    ],
  ])('%s', (_name, register) =>
    expect(register).toThrow(/\/x\/ cannot be used in a router that is mounted under a path/),
  )

  it('a router that is mounted without a path has its regular expressions', async () => {
    const app = createApp().use(createRouter().get(/^\/x+$/, () => 'x'))
    await request(app).get('/xxx').expect(200, 'x')
  })
})

it('a malformed escape in a parameter of middleware is 400, and nothing is logged', async () => {
  const errors: unknown[] = []
  const app = createApp({ logger: { error: (...args) => errors.push(args) } })
  app.use('/users/:id', (_req, _res, next) => next())
  app.get('/users/*rest', () => 'x')
  for (const path of ['/users/%zz', '/users/%zz/none', '/users/a%E0%A4%A']) {
    const event = { requestContext: { elb: {} }, httpMethod: 'GET', path, headers: {} }
    expect(await app.handler(event, {})).toMatchObject({ statusCode: 400 })
  }
  expect(errors).toEqual([])
})
