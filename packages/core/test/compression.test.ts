import request from '@expressway/testing'
import { describe, expect, it, vi } from 'vitest'
import { type AppOptions, compress, createApp, type Encoding, reply } from '../src/index.ts'

const zlib = process.getBuiltinModule('node:zlib')
const text = 'expressway '.repeat(500)
const decoders = {
  zstd: zlib.zstdDecompressSync,
  br: zlib.brotliDecompressSync,
  gzip: zlib.gunzipSync,
  deflate: zlib.inflateSync,
}

const appWith = (options: AppOptions) => {
  const app = createApp(options)
  app.get('/text', () => text)
  app.get('/short', () => 'short')
  app.get('/forced', { compress: true }, () => 'short')
  app.get('/never', { compress: false }, () => text)
  app.get('/png', () => [200, 'image/png', Buffer.alloc(5000)])
  app.get('/encoded', () =>
    reply({ headers: { 'content-encoding': 'gzip' }, contentType: 'text/plain', body: zlib.gzipSync(text) }),
  )
  app.get('/no-transform', (_req, res) => res.set('cache-control', 'no-transform').text(text))
  app.get('/tagged', (_req, res) => res.set('etag', '"v1"').text(text))
  app.get('/replied', () => reply({ compress: false, body: text, contentType: 'text/plain' }))
  return app
}

const encodingOf = async (accept: string, path = '/text', options: AppOptions = { compress: true }) => {
  const res = await request(appWith(options)).get(path).set('Accept-Encoding', accept).expect(200)
  return res.headers['content-encoding']
}

describe('negotiation', () => {
  it.each([
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['br, gzip', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['gzip;q=0', undefined],
    ['gzip;q=0, *', 'zstd'],
    ['deflate', 'deflate'],
    ['*', 'zstd'],
    ['identity', undefined],
    ['identity, gzip;q=0.5', undefined],
    ['x-gzip', undefined],
    ['', undefined],
  ])('Accept-Encoding: %s gives %s', async (accept, expected) => expect(await encodingOf(accept)).toBe(expected))
})

describe('compression', () => {
  it.each(['zstd', 'br', 'gzip', 'deflate'] as const)('%s comes out as it went in', async (encoding) => {
    const app = appWith({ compress: { encodings: [encoding] } })
    const result = (await app.handler({
      httpMethod: 'GET',
      path: '/text',
      headers: { 'accept-encoding': encoding },
    })) as {
      body: string
      isBase64Encoded: boolean
    }
    expect(result.isBase64Encoded).toBe(true)
    expect(decoders[encoding](Buffer.from(result.body, 'base64')).toString()).toBe(text)
  })

  it('leaves a part of a representation alone, in the application and for a large result', async () => {
    const app = createApp({ compress: true })
    const range = { 'content-range': 'bytes 0-4999/9999' }
    app.get('/part', () => reply({ status: 206, headers: range, contentType: 'text/plain', body: text }))
    app.get('/large', () => reply({ status: 206, contentType: 'text/plain', body: 'x'.repeat(2_000_000) }))
    const res = await request(app).get('/part').set('Accept-Encoding', 'br').expect(206, text)
    expect(res.headers).not.toHaveProperty('content-encoding')
    expect(res.headers).not.toHaveProperty('vary')
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
    const headers = { 'accept-encoding': 'br' }
    const event = { requestContext: { elb: {} }, httpMethod: 'GET', path: '/large', headers }
    expect(await app.handler(event, {})).toMatchObject({ statusCode: 500 })
    expect(quiet).toHaveBeenCalledOnce()
    quiet.mockRestore()
  })

  it.each(['no-transform', 'public, No-Transform', 'NO-TRANSFORM,max-age=1'])(
    'heeds Cache-Control: %s, in the application and for a large result',
    async (cacheControl) => {
      const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
      const headers = { 'accept-encoding': 'br' }
      for (const compress of [true, false]) {
        const app = createApp({ compress })
        app.get('/text', (_req, res) => res.set('cache-control', cacheControl).text(text))
        app.get('/large', (_req, res) => res.set('cache-control', cacheControl).text('x'.repeat(2_000_000)))
        const res = await request(app).get('/text').set('Accept-Encoding', 'br').expect(200, text)
        expect(res.headers).not.toHaveProperty('content-encoding')
        const event = { requestContext: { elb: {} }, httpMethod: 'GET', path: '/large', headers }
        expect(await app.handler(event, {})).toMatchObject({ statusCode: 500 })
      }
      expect(quiet).toHaveBeenCalledTimes(2)
      quiet.mockRestore()
    },
  )

  it('compress() says what it knows, and what zstd needs', () => {
    expect(() => compress('x', 'lzma' as Encoding)).toThrow('compress() knows zstd, br, gzip, deflate, not lzma')
    const real = process.getBuiltinModule
    const { zstdCompressSync, ...older } = zlib
    expect(zstdCompressSync).toBeTypeOf('function')
    const spy = vi
      .spyOn(process, 'getBuiltinModule')
      .mockImplementation(((name: string) => (name === 'node:zlib' ? older : real(name))) as typeof real)
    expect(() => compress('x', 'zstd')).toThrow(`zstd needs Node.js 22.15 or later; this is ${process.version}`)
    spy.mockRestore()
  })

  it.each(['/short', '/png', '/never', '/no-transform', '/replied'])('leaves %s alone', async (path) =>
    expect(await encodingOf('gzip', path)).toBeUndefined(),
  )

  it('never compresses twice', async () => {
    const res = await request(appWith({ compress: true }))
      .get('/encoded')
      .set('Accept-Encoding', 'br, gzip')
      .expect(200)
    expect(res.headers['content-encoding']).toBe('gzip')
    expect(res.text).toBe(text)
  })

  it('is forced by a route, whatever the size, also in an application without it', async () => {
    expect(await encodingOf('gzip', '/forced')).toBe('gzip')
    expect(await encodingOf('gzip', '/forced', {})).toBe('gzip')
    expect(await encodingOf('gzip', '/text', {})).toBeUndefined()
  })

  it('says that it varies, also where it did not compress', async () => {
    const app = appWith({ compress: true })
    for (const accept of ['gzip', 'identity']) {
      await request(app).get('/text').set('Accept-Encoding', accept).expect('vary', 'Accept-Encoding')
    }
  })

  it('weakens a strong entity tag', () =>
    request(appWith({ compress: true }))
      .get('/tagged')
      .set('Accept-Encoding', 'gzip')
      .expect('etag', 'W/"v1"'))

  it('keeps to a threshold', async () => {
    expect(await encodingOf('gzip', '/short', { compress: { threshold: 0 } })).toBe('gzip')
    expect(await encodingOf('gzip', '/text', { compress: { threshold: 1e6 } })).toBeUndefined()
  })

  it.each([[{ encodings: ['rot13'] }], [{ threshold: -1 }], [{ threshold: Number.NaN }]])('refuses %j', (compress) =>
    expect(() => createApp({ compress: compress as never })).toThrow(TypeError),
  )
})
