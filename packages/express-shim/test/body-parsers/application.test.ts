import { brotliCompressSync, gzipSync } from 'node:zlib'
import realExpress from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { json, raw, text, urlencoded } from '../../src/body/body-parsers.ts'
import { type Build, same } from '../differential/harness.ts'

const TYPES = {
  json: { 'content-type': 'application/json' },
  form: { 'content-type': 'application/x-www-form-urlencoded' },
  text: { 'content-type': 'text/plain; charset=utf-8' },
  bytes: { 'content-type': 'application/octet-stream' },
}

const parsing: Build = (express, note) => {
  const app = express()
  app.use(express.json({ limit: '1kb' }), express.urlencoded({ extended: true }), express.text(), express.raw())
  app.use((req, res) => {
    note(Buffer.isBuffer(req.body) ? `bytes ${req.body.toString('hex')}` : req.body, 'body' in req, req.complete)
    res.json(Buffer.isBuffer(req.body) ? req.body.length : { body: req.body, type: typeof req.body })
  })
  return app
}

describe('an application with parsers', () => {
  const post = (headers: Record<string, string>, body: string | Uint8Array) => ({
    method: 'POST',
    path: '/',
    headers,
    body,
  })
  // A REST API hands bytes on as text unless it is configured to do better: they are lost before they come here.
  const binary = { only: ['http-api', 'http-api-v1', 'function-url', 'alb', 'alb-multi-value', 'vpc-lattice'] } as const

  it('sees the same bodies through every source', async () => {
    await same(parsing, [
      post(TYPES.json, '{"a":[1,"é😀"]}'),
      post(TYPES.form, 'a[b]=1&a[c][]=2&d=%C3%A9+x'),
      post(TYPES.text, 'plain é text'),
      post({ 'content-type': 'application/x-unknown' }, 'left alone'),
      { method: 'GET', path: '/' },
    ])
  })

  it('sees the same bytes through every source that carries them', async () => {
    const zipped = { ...TYPES.json, 'content-encoding': 'gzip' }
    await same(parsing, [post(TYPES.bytes, Buffer.from([0, 255, 128, 10]))], binary)
    await same(parsing, [post({ ...TYPES.bytes, 'content-encoding': 'gzip' }, gzipSync('zipped'))], binary)
    const sent = [
      post(zipped, gzipSync('{"zipped":true}')),
      post({ ...TYPES.json, 'content-encoding': 'br' }, brotliCompressSync('{"zipped":true}')),
      post(zipped, gzipSync(`["${'x'.repeat(50_000)}"]`)),
    ]
    // An HTTP API goes by the type alone, and hands these on as text.
    await same(parsing, sent, { only: ['alb', 'alb-multi-value'], env: 'production' })
  })

  it('answers errors alike through every source, in development and in production', async () => {
    const sent = [
      post(TYPES.json, '{"a":'),
      post(TYPES.json, '"text"'),
      post(TYPES.json, `["${'x'.repeat(2000)}"]`),
      post({ ...TYPES.json, 'content-encoding': 'snappy' }, '{}'),
      post({ 'content-type': 'application/json; charset=latin1' }, '{}'),
      post({ 'content-type': 'text/plain; charset=klingon' }, 'x'),
      post(TYPES.form, `a${'[b]'.repeat(40)}=1`),
    ]
    await same(parsing, sent, { env: 'production' })
    const reporting: Build = (express) => {
      const app = parsing(express, () => {}) as ReturnType<typeof realExpress>
      const report: realExpress.ErrorRequestHandler = (error, _req, res, _next) => {
        const { name, message, status, statusCode, expose, type } = error
        res.status(status).json({ name, message, status, statusCode, expose, type, own: Object.keys(error).sort() })
      }
      return app.use(report)
    }
    await same(reporting, sent)
  })

  it('reads a body once where parsers stand twice', async () => {
    const twice: Build = (express, note) => {
      const app = express()
      app.use(express.json(), express.json(), express.text({ type: '*/*' }))
      app.post('/', (req, res) => {
        note(req.body)
        res.end()
      })
      return app
    }
    await same(twice, { method: 'POST', headers: TYPES.json, body: '{"a":1}' })
  })
})

describe('in the real Express', () => {
  it('our parsers do what its own do', async () => {
    const app = realExpress()
    app.use(json() as never, urlencoded({ extended: true }) as never, text() as never, raw() as never)
    app.post('/', (req, res) => {
      res.json(Buffer.isBuffer(req.body) ? 'bytes' : req.body)
    })
    const server = supertest(app)
    expect((await server.post('/').send({ a: 1 })).body).toEqual({ a: 1 })
    expect((await server.post('/').type('form').send('a[b]=1')).body).toEqual({ a: { b: '1' } })
    expect((await server.post('/').type('text').send('hi')).body).toBe('hi')
    expect((await server.post('/').type('bin').send(Buffer.from('hi'))).body).toBe('bytes')
    expect((await server.post('/').type('json').send('{')).status).toBe(400)
  })
})
