import { setTimeout as wait } from 'node:timers/promises'
import { brotliDecompressSync, createGunzip, gunzipSync, inflateSync } from 'node:zlib'
import { expect } from 'vitest'
import { type Any, load, type Middleware } from '../scenario.ts'

const long = 'a sentence that repeats itself. '.repeat(200)

export const compression: Middleware = {
  name: 'compression',
  note: 'A gateway that buffers sends flushed chunks together with the rest. A REST API passes on compressed bytes only for the types among its `binaryMediaTypes`.',
  scenarios: [
    {
      title: 'gzip, deflate and brotli by Accept-Encoding, above the threshold, for types that gain by it',
      build: (express) => {
        const app = express()
        app.use(load('compression')())
        app.get('/text', (_req, res) => void res.type('text').send(long))
        app.get('/json', (_req, res) => void res.json({ long }))
        app.get('/short', (_req, res) => void res.send('short'))
        app.get('/image', (_req, res) => void res.type('png').send(Buffer.from(long)))
        app.get('/fixed', (_req, res) => void res.set('Cache-Control', 'no-transform').send(long))
        app.get('/coded', (_req, res) => void res.set('Content-Encoding', 'x-custom').send(long))
        return app
      },
      async talk(client) {
        const ask = (path: string, coding: string) => client.get(path, { 'accept-encoding': coding })
        const gzip = await ask('/text', 'gzip, deflate')
        expect(gzip.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
        expect(gunzipSync(gzip.bytes).toString()).toBe(long)
        expect(inflateSync((await ask('/json', 'deflate')).bytes).toString()).toContain(long)
        expect(brotliDecompressSync((await ask('/text', 'br, gzip;q=0.5')).bytes).toString()).toBe(long)
        expect((await ask('/text', 'identity')).text).toBe(long)
        for (const path of ['/short', '/image', '/fixed']) {
          expect((await ask(path, 'gzip')).headers['content-encoding']).toBeUndefined()
        }
        expect((await ask('/coded', 'gzip')).headers['content-encoding']).toBe('x-custom')
        const tag = gzip.headers.etag as string
        expect((await client.get('/text', { 'if-none-match': tag, 'accept-encoding': 'gzip' })).status).toBe(304)
        expect((await client.send('HEAD', '/text', { headers: { 'accept-encoding': 'gzip' } })).text).toBe('')
      },
    },
    {
      title: 'filter, threshold, levels, an enforced encoding, and piped streams with back-pressure',
      build: (express) => {
        const compression = load('compression')
        const app = express()
        const filter = (req: Any, res: Any) => !req.headers['x-no-compression'] && compression.filter(req, res)
        app.use(compression({ filter, threshold: 0, level: 9, enforceEncoding: 'gzip' }))
        app.get('/', (_req, res) => void res.send('short'))
        app.get('/stream', (_req, res) => {
          res.type('text')
          const { Readable } = load('node:stream')
          Readable.from(Array.from({ length: 60 }, (_, index) => `${index}: ${long}\n`)).pipe(res)
        })
        app.get('/pieces', async (_req, res: Any) => {
          res.set('Content-Type', 'text/plain')
          for (let index = 0; index < 40; index++) {
            if (!res.write(`${index} ${long}`)) await new Promise((resolve) => res.once('drain', resolve))
          }
          res.end()
        })
        return app
      },
      async talk(client) {
        expect(gunzipSync((await client.get('/')).bytes).toString()).toBe('short')
        expect((await client.get('/', { 'x-no-compression': '1' })).text).toBe('short')
        const stream = gunzipSync((await client.get('/stream')).bytes).toString()
        expect(stream.split('\n')).toHaveLength(61)
        expect(gunzipSync((await client.get('/pieces')).bytes).toString()).toMatch(/^0 a .*39 a sentence/)
      },
    },
    {
      title: 'server-sent events: res.flush() sends what was written, if the source streams',
      build: (express, { note }) => {
        const app = express()
        let release = (): void => {}
        app.use(load('compression')())
        app.get('/release', (_req, res) => {
          release()
          res.end()
        })
        app.get('/events', async (_req, res: Any) => {
          const released = new Promise<void>((resolve) => (release = resolve))
          res.set('Content-Type', 'text/event-stream').set('Cache-Control', 'no-cache')
          res.write('data: ping\n\n')
          res.flush()
          // A gateway that buffers shows nothing before the end, so that nobody can release it.
          await Promise.race([released, wait(100)])
          res.write('data: pong\n\n')
          res.flush()
          res.end()
        })
        note('flushed')
        return app
      },
      async talk(client) {
        const unzip = createGunzip()
        let text = ''
        unzip.on('data', (chunk) => (text += chunk))
        const seen: string[] = []
        for await (const chunk of await client.open('/events', { 'accept-encoding': 'gzip' })) {
          await new Promise((resolve) => unzip.write(chunk, resolve))
          seen.push(text)
          if (seen.length === 1) await client.get('/release')
        }
        expect(text).toBe('data: ping\n\ndata: pong\n\n')
        expect(seen.includes('data: ping\n\n')).toBe(client.streams)
      },
    },
    {
      title: 'odd endings: twice, written after the end, without a body, with an encoding',
      build: (express, { note }) => {
        const app = express()
        app.use(load('compression')({ threshold: 0 }))
        app.use((_req, res, next) => {
          res.on('error', (error: Any) => note(error.code))
          res.type('text')
          next()
        })
        app.get('/twice', (_req, res) => {
          res.end('once')
          res.end('twice')
        })
        app.get('/after', (_req, res) => {
          res.end('done')
          note(res.write('more'))
        })
        app.get('/hex', (_req, res) => {
          res.write('2e2e', 'hex')
          res.end('2121', 'hex')
        })
        app.get('/empty', (_req, res) => void res.end())
        app.get('/204', (_req, res) => void res.status(204).end())
        app.get('/file', (_req, res) => void res.sendFile('package.json', { root: process.cwd() }))
        app.get('/called', (_req, res) => void res.end(long, 'utf8', () => note('sent')))
        return app
      },
      async talk(client) {
        const ask = async (path: string): Promise<string> => {
          const { bytes, headers } = await client.get(path, { 'accept-encoding': 'gzip' })
          return headers['content-encoding'] && bytes.length > 0 ? gunzipSync(bytes).toString() : bytes.toString()
        }
        expect(await ask('/twice')).toBe('once')
        expect(await ask('/after')).toBe('done')
        expect(await ask('/hex')).toBe('..!!')
        expect(await ask('/empty')).toBe('')
        expect(await ask('/204')).toBe('')
        expect(await ask('/file')).toContain('"name"')
        expect(await ask('/called')).toBe(long)
      },
    },
  ],
}
