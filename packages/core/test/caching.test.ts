import request from '@expressway/testing'
import { describe, expect, it } from 'vitest'
import { createApp, NotFoundError } from '../src/index.ts'

describe('cacheControl', () => {
  const app = createApp()
  app.get('/ok', { cacheControl: 'max-age=600' }, () => 'ok')
  app.get('/created', { cacheControl: 'max-age=600' }, (_req, res) => res.status(201).text('x'))
  app.get('/missing', { cacheControl: 'max-age=600' }, () => Promise.reject(new NotFoundError()))

  it('is sent with a success', () => request(app).get('/ok').expect(200).expect('cache-control', 'max-age=600'))
  it.each([
    ['/created', 201],
    ['/missing', 404],
  ] as const)('is no-cache for %s (%i)', async (path, status) => {
    await request(app).get(path).expect(status).expect('cache-control', 'no-cache')
  })
})

describe('etag', () => {
  const app = createApp({ etag: true })
  app.get('/x', () => 'text').post('/x', () => 'text')
  app.get('/strong', { etag: 'strong', cacheControl: 'max-age=1' }, () => ({ a: 1 }))
  app.get('/own', (_req, res) =>
    res.set('etag', '"mine"').set('last-modified', 'Wed, 21 Oct 2015 07:28:00 GMT').text('x'),
  )
  app.get('/none', { etag: false }, () => 'text')

  it('tags whole answers of GET and HEAD', async () => {
    const res = await request(app).get('/x').expect(200)
    expect(res.headers.etag).toMatch(/^W\/"[\w+/]{27}"$/)
    await request(app).head('/x').expect('etag', res.headers.etag!)
    expect((await request(app).post('/x')).headers).not.toHaveProperty('etag')
    expect((await request(app).get('/none')).headers).not.toHaveProperty('etag')
  })

  it('is the hash of the bytes', async () => {
    const { createHash } = process.getBuiltinModule('node:crypto')
    const hash = createHash('sha1').update('{"a":1}').digest('base64').slice(0, 27)
    await request(app).get('/strong').expect('etag', `"${hash}"`)
  })

  it.each([
    ['*', 304],
    ['"other"', 200],
    ['"mine"', 304],
    ['W/"mine"', 304],
    ['"other", W/"mine"', 304],
    ['mine', 200],
  ])('If-None-Match: %s gives %i', async (value, status) => {
    await request(app).get('/own').set('If-None-Match', value).expect(status)
  })

  it.each([
    ['Wed, 21 Oct 2015 07:28:00 GMT', 304],
    ['Wed, 21 Oct 2015 07:27:59 GMT', 200],
    ['not a date', 200],
  ])('If-Modified-Since: %s gives %i', async (value, status) => {
    await request(app).get('/own').set('If-Modified-Since', value).expect(status)
  })

  it('If-None-Match decides where both are there', () =>
    request(app)
      .get('/own')
      .set('If-None-Match', '"other"')
      .set('If-Modified-Since', 'Wed, 21 Oct 2015 07:28:00 GMT')
      .expect(200))

  it.each(['strong', 'weak'] as const)(
    'a 304 has no body, and every field of the 200 that steers a cache (%s)',
    async (etag) => {
      const app = createApp({ etag, compress: true, cors: { allowOrigin: 'https://a.example' } })
      app.get('/', { cacheControl: 'max-age=1' }, (_req, res) =>
        res.set('expires', 'Wed, 21 Oct 2115 07:28:00 GMT').set('content-location', '/index').html('<p>'.repeat(1000)),
      )
      for (const encoding of ['gzip', 'identity']) {
        const ask = () => request(app).get('/').set('Accept-Encoding', encoding).set('Origin', 'https://a.example')
        const { headers } = await ask().expect(200)
        const res = await ask().set('If-None-Match', headers.etag!).expect(304, '')
        const names = ['etag', 'cache-control', 'vary', 'expires', 'content-location', 'access-control-allow-origin']
        for (const name of names) expect([name, res.headers[name]]).toEqual([name, headers[name]])
        expect(headers.vary).toBe('Origin, Accept-Encoding')
        expect(res.headers).not.toHaveProperty('content-encoding')
      }
    },
  )

  it.each(['rest-api', 'http-api', 'function-url', 'alb', 'vpc-lattice'] as const)(
    'a 304 has the content type of its 200, so that %s adds none of its own',
    async (gateway) => {
      const app = createApp({ etag: true }).get('/', (_req, res) => res.html('<p>'))
      const { headers } = await request(app, { gateway }).get('/').expect(200)
      const res = await request(app, { gateway }).get('/').set('If-None-Match', headers.etag!).expect(304)
      expect(res.headers['content-type']).toBe('text/html; charset=utf-8')
    },
  )

  it('If-None-Match is surrounded by optional white space alone', async () => {
    await request(app).get('/own').set('If-None-Match', '\t * ').expect(304)
    const event = {
      requestContext: { elb: {} },
      httpMethod: 'GET',
      path: '/own',
      headers: { 'if-none-match': '\u00a0*' },
    }
    expect(await app.handler(event, {})).toMatchObject({ statusCode: 200 })
  })
})
