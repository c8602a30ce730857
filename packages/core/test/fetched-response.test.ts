import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import zlib from 'node:zlib'
import request from '@expressway/testing'
import { gatewayNames } from '@expressway/testing/gateway'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../src/index.ts'

const text = 'a text that is worth compressing '.repeat(100)
const encoders: Record<string, (content: string) => Buffer | string> = {
  gzip: zlib.gzipSync,
  'X-GZIP': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  'gzip, br': (content) => zlib.brotliCompressSync(zlib.gzipSync(content)),
  unknown: String,
}

let upstream: Server
let origin: string

beforeAll(async () => {
  upstream = createServer((req, res) => {
    const coding = decodeURIComponent(req.url!.slice(1))
    const body = encoders[coding]?.(text) ?? text
    if (coding) res.setHeader('content-encoding', coding)
    res
      .writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body), etag: '"v1"' })
      .end(body)
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
})

afterAll(() => {
  upstream.closeAllConnections()
  upstream.close()
})

const app = createApp()
app.get('/fetched', (req) => fetch(`${origin}/${encodeURIComponent(String(req.query.coding ?? ''))}`))
app.get('/cloned', async () => (await fetch(`${origin}/gzip`)).clone())
app.get('/made', () => {
  const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' }
  return new Response(zlib.gzipSync(text), { headers })
})

describe('a Response of fetch', () => {
  describe.each(gatewayNames)('over %s', (gateway) => {
    // A REST API passes bytes only if its binaryMediaTypes have the type that the request accepts.
    const get = (path: string) => {
      const test = request(app, { gateway }).get(path).accept('*/*')
      return gateway === 'rest-api' ? test.binaryMediaTypes(['*/*']) : test
    }

    it.each(['gzip', 'X-GZIP', 'deflate', 'br', 'gzip, br'])('loses %s, which fetch has decoded', async (coding) => {
      const res = await get('/fetched').query({ coding }).expect(200, text)
      expect(res.headers['content-encoding']).toBeUndefined()
      expect(res.headers.etag).toBe('"v1"')
    })

    it('keeps a coding that fetch does not know, as the body still has it', async () => {
      const res = await get('/fetched').query({ coding: 'unknown' }).expect(200, text)
      expect(res.headers['content-encoding']).toBe('unknown')
    })

    it('is the same as a clone', () => get('/cloned').expect(200, text))

    it('made by hand keeps its coding: its body is as it was given', async () => {
      const res = await get('/made').expect(200, text)
      expect(res.headers['content-encoding']).toBe('gzip')
    })
  })
})
