import request from '@expressway/testing'
import { describe, expect, it, vi } from 'vitest'
import { type AllowOrigin, type CorsOptions, createApp } from '../src/index.ts'

const appWith = (cors: boolean | CorsOptions) => {
  const app = createApp({ cors })
  app.get('/x', () => 'x').post('/x', () => 'x')
  app.put('/private', { cors: false }, () => 'x')
  return app
}

const allowedOrigin = async (allowOrigin: AllowOrigin, origin?: string) => {
  const req = request(appWith({ allowOrigin })).get('/x').expect(200)
  if (origin !== undefined) req.set('Origin', origin)
  return (await req).headers['access-control-allow-origin']
}

describe('Access-Control-Allow-Origin', () => {
  const a = 'https://a.example'
  const b = 'https://b.example'
  it.each([
    ['*', a, '*'],
    ['*', undefined, '*'],
    [a, a, a],
    [`${a}/`, a, a],
    [a, undefined, a],
    [a, b, undefined],
    [[a, b], b, b],
    [[a, b], undefined, undefined],
    [[a, /https:\/\/\w+\.b\.example/], 'https://x.b.example', 'https://x.b.example'],
    [/https:\/\/a|https:\/\/a\.example/g, a, a],
    [/^https:\/\/[ab]\.example$/, b, b],
    [/^https:\/\/[ab]\.example$/, 'https://c.example', undefined],
    [(origin: string) => origin.endsWith('.example'), b, b],
    [(origin: string) => origin.endsWith('.example'), 'https://b.test', undefined],
    [a, 'null', undefined],
    [a, 'https://A.example', undefined],
  ] as [AllowOrigin, string | undefined, string | undefined][])(
    '%s asked by %s gives %s',
    async (allow, origin, expected) => expect(await allowedOrigin(allow, origin)).toBe(expected),
  )
})

describe('a regular expression for origins', () => {
  it.each([
    [/example\.com/, 'https://example.com.evil.test'],
    [/https:\/\/example\.com/, 'https://example.com.evil.test'],
    [/^https:\/\/example\.com/, 'https://example.com.evil.test'],
    [/\.example\.com$/, 'https://evil.test/.example.com'],
    [/^https:\/\/a\.test|example\.com$/m, 'https://evilexample.com'],
  ])('%s has to match the whole origin, and not only a part of %s', async (allowOrigin, origin) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(await allowedOrigin(allowOrigin, origin)).toBeUndefined()
    expect(warn.mock.calls.flat().join()).toContain(`cors.allowOrigin: ${allowOrigin} matches only a part`)
    warn.mockRestore()
  })
})

describe('CORS', () => {
  it('tells caches that the answer depends on the origin, unless everybody is allowed', async () => {
    const named = await request(appWith({ allowOrigin: 'https://a.example' })).get('/x')
    const star = await request(appWith(true)).get('/x')
    expect(named.headers.vary).toBe('Origin')
    expect(star.headers).not.toHaveProperty('vary')
  })

  it('has its headers on errors as well', async () => {
    const res = await request(appWith({ allowOrigin: 'https://a.example' }))
      .get('/none')
      .set('Origin', 'https://a.example')
    expect(res.status).toBe(404)
    expect(res.headers['access-control-allow-origin']).toBe('https://a.example')
  })

  it('is opted out of by a route', async () => {
    const app = appWith({ allowOrigin: 'https://a.example' })
    const put = await request(app).put('/private').set('Origin', 'https://a.example').expect(200)
    expect(put.headers).not.toHaveProperty('access-control-allow-origin')
    const preflight = await request(app).options('/private').set('Access-Control-Request-Method', 'PUT').expect(204)
    expect(preflight.headers).not.toHaveProperty('access-control-allow-methods')
    expect(preflight.headers.allow).toBe('OPTIONS, PUT')
  })

  it('is opted into by a route, with options of its own', async () => {
    const app = createApp()
    app.get('/open', { cors: true }, () => 'x')
    app.get('/own', { cors: { allowOrigin: 'https://b.example', maxAge: 0 } }, () => 'x')
    await request(app).get('/open').expect('access-control-allow-origin', '*')
    await request(app)
      .get('/own')
      .expect('access-control-allow-origin', 'https://b.example')
      .expect('access-control-max-age', '0')
    await request(app).options('/open').expect(204).expect('access-control-allow-methods', 'GET,HEAD,OPTIONS')
  })

  it('answers a preflight for an unknown path, so that the page sees the 404 itself', () =>
    request(appWith(true)).options('/none').expect(204).expect('access-control-allow-methods', 'GET,OPTIONS,POST'))

  it('leaves OPTIONS to a route that takes it', async () => {
    const app = createApp({ cors: true })
    app.options('/x', (_req, res) => res.status(200).set('access-control-allow-methods', 'PURGE').text('mine'))
    await request(app).options('/x').expect(200, 'mine').expect('access-control-allow-methods', 'PURGE')
  })

  it("takes a preflight's options from the route of the method that is asked for", async () => {
    const app = createApp()
    app.get('/x', () => 'x')
    app.put('/x', { cors: { allowOrigin: 'https://put.example' } }, () => 'x')
    await request(app)
      .options('/x')
      .set('Access-Control-Request-Method', 'put')
      .expect('access-control-allow-origin', 'https://put.example')
    const get = await request(app).options('/x').set('Access-Control-Request-Method', 'GET').expect(204)
    expect(get.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it.each([
    [{ allowCredentials: true }, 'named origins'],
    [{ allowOrigin: ['*'], allowCredentials: true }, 'named origins'],
    [{ allowOrigin: 7 }, 'allowOrigin'],
    [{ maxAge: 1.5 }, 'maxAge'],
  ])('refuses %j at registration', (options, message) => {
    expect(() => createApp({ cors: options as CorsOptions })).toThrow(TypeError)
    expect(() => createApp().get('/x', { cors: options as CorsOptions }, () => 'x')).toThrow(message)
  })
})
