import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import express, { type Express, type Request, type RequestHandler, type Response } from 'express'

// These two come without types.
const require = createRequire(import.meta.url)
const cookieParser = require('cookie-parser') as (secret: string) => RequestHandler
const multer = require('multer') as ((options: object) => { any(): RequestHandler }) & { memoryStorage(): object }

interface UploadedFile {
  fieldname: string
  originalname: string
  mimetype: string
  buffer: Buffer
}

/** A real Express application that answers whatever the scenarios of the differential test ask. */
export function createExpressApp(): Express {
  const app = express()
  app.set('query parser', 'extended')
  addEchoes(app)
  addBodies(app)
  addCodings(app)
  addStatuses(app)
  addRedirects(app)
  addCookies(app)
  addOdd(app)
  return app
}

// What differs between a socket and a gateway, or with each run.
const TRANSPORT = /^(host|connection|x-forwarded-.*|x-amzn-.*|x-amz-.*|via|forwarded)$/

function addEchoes(app: Express): void {
  const upload = multer({ storage: multer.memoryStorage() })
  app.all('/echo{/*rest}', express.raw({ type: () => true, limit: '5mb' }), (req, res) => {
    const headers = Object.fromEntries(Object.entries(req.headers).filter(([name]) => !TRANSPORT.test(name)))
    const body = Buffer.isBuffer(req.body) ? req.body.toString('latin1') : ''
    res.json({ method: req.method, url: req.url, query: req.query, headers, body })
  })
  app.post('/json', express.json(), (req, res) => void res.status(201).json(req.body ?? null))
  app.post('/form', express.urlencoded({ extended: true }), (req, res) => void res.json(req.body ?? null))
  app.post('/text', express.text({ type: '*/*' }), (req, res) => void res.type('text').send(req.body))
  app.post('/upload', upload.any(), (req, res) => {
    const files = (req as Request & { files: UploadedFile[] }).files.map(
      ({ fieldname, originalname, mimetype, buffer }) => {
        return { fieldname, originalname, mimetype, content: buffer.toString('latin1') }
      },
    )
    res.json({ body: req.body, files })
  })
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

function addBodies(app: Express): void {
  const send = (path: string, type: string | undefined, body: string | Buffer) => {
    app.get(path, (_req, res) => {
      if (type) res.setHeader('Content-Type', type)
      res.end(body)
    })
  }
  send('/hello', 'text/html; charset=utf-8', 'Hello ada!')
  send('/plain', 'text/plain', 'plain text')
  send('/umlaut', 'text/plain; charset=utf-8', 'Grüße, 世界 🎉')
  send('/latin1', 'text/plain; charset=iso-8859-1', Buffer.from('Gr\xfc\xdfe', 'latin1'))
  send('/a', 'application/json', '{"a":1,"b":[1,2,{"c":null}]}')
  send('/json-suffix', 'application/problem+json; charset=utf-8', '{"title":"no"}')
  send('/json-upper', 'Application/JSON', '{"upper":true}')
  send('/json-seq', 'application/json-seq', '{"a":1}')
  send('/json-text', 'text/json', '{"a":1}')
  send('/json-bom', 'application/json', '\uFEFF{"bom":1}')
  send('/json-empty', 'application/json', '')
  send('/json-null', 'application/json', 'null')
  send('/json-number', 'application/json', '42')
  send('/json-array', 'application/json', '[1,2,3]')
  send('/json-proto', 'application/json', '{"__proto__":{"x":1},"a":2}')
  send('/json-broken', 'application/json', '{"a":')
  send('/form-body', 'application/x-www-form-urlencoded', 'a=1&b[c]=2&d=x%20y+z')
  send('/xml', 'application/xml', '<a/>')
  send('/untyped', undefined, 'no type')
  send('/octets', 'application/octet-stream', Buffer.from([0, 1, 2, 254, 255]))
  send('/png', 'image/png', PNG)
  send('/pdf', 'application/pdf', '%PDF-1.4')
  send('/audio', 'audio/mpeg', Buffer.from([255, 251]))
  send('/font', 'font/woff2', Buffer.from('wOF2'))
  send('/gz', 'application/gzip', gzipSync('archive'))
  send('/zip', 'application/zip', 'PK')
  send('/csv', 'text/csv; charset=utf-8; header=present', 'a,b\n1,2\n')
  send('/css', 'text/css', 'a{}')
  send('/unsafe-parameter', 'text/plain; __proto__=x; status=200; custom=y', 'ok')
  send('/big', 'text/plain', 'x'.repeat(100_000))
  send('/empty', 'text/plain', '')
}

function addCodings(app: Express): void {
  const coded = (path: string, coding: string, type: string, body: Buffer) => {
    app.get(
      path,
      (_req, res) => void res.writeHead(200, { 'Content-Type': type, 'Content-Encoding': coding }).end(body),
    )
  }
  const json = '{"coded":true}'
  coded('/gzip', 'gzip', 'application/json', gzipSync(json))
  coded('/gzip-upper', 'GZIP', 'application/json', gzipSync(json))
  coded('/deflate', 'deflate', 'application/json', deflateSync(json))
  coded('/br', 'br', 'text/plain', brotliCompressSync('brotli text'))
  coded('/gzip-binary', 'gzip', 'image/png', gzipSync(PNG))
  coded('/gzip-truncated', 'gzip', 'text/plain', gzipSync('truncated '.repeat(500)).subarray(0, 40))
  coded('/gzip-broken', 'gzip', 'text/plain', Buffer.from('this is not gzip'))
  coded('/identity', 'identity', 'text/plain', Buffer.from('identity'))
  coded('/gzip-bomb', 'gzip', 'text/plain', gzipSync('0'.repeat(100_000)))
}

function addStatuses(app: Express): void {
  app.all(
    '/status/:status',
    (req, res) => void res.status(Number(req.params.status)).type('text').send(`status ${req.params.status}`),
  )
  app.get('/no-content', (_req, res) => void res.status(204).end())
  app.get('/not-modified', (_req, res) => void res.status(304).end())
  app.get('/error', () => {
    throw Object.assign(new Error('teapot'), { status: 418, expose: true })
  })
  let tries = 0
  app.get('/flaky', (req, res) => {
    tries = req.query.reset ? 0 : tries + 1
    res.status(tries > 2 ? 200 : 503).json({ tries })
  })
}

function addRedirects(app: Express): void {
  const to = (path: string, status: number, location: string) => {
    app.all(path, (_req, res) => void res.redirect(status, location))
  }
  for (const status of [301, 302, 303, 307, 308]) to(`/redirect/${status}`, status, '/echo/target?x=1')
  to('/redirect/relative/here', 302, '../../hello')
  to('/redirect/twice', 302, '/redirect/302')
  to('/redirect/loop', 302, '/redirect/loop')
  to('/redirect/invalid', 302, 'http://[broken')
  to('/redirect/file', 302, 'file:///etc/passwd')
  to('/redirect/cookie', 302, '/cookies')
  app.get('/redirect/absolute', (req: Request, res: Response) => {
    res.redirect(`${req.get('x-forwarded-proto') ?? 'http'}://${req.get('host')}/hello`)
  })
  app.get('/redirect/set-cookie', (_req, res) => void res.cookie('via', 'redirect').redirect('/cookies'))
}

function addCookies(app: Express): void {
  app.use('/cookies', cookieParser('secret'))
  app.get('/cookies', (req, res) => void res.json({ cookies: req.cookies, signed: req.signedCookies }))
  app.get('/cookies/set', (_req, res) => {
    res.cookie('theme', 'dark', { path: '/', httpOnly: true, maxAge: 60_000, sameSite: 'lax' })
    res.cookie('lang', 'de ch')
    res.json({ set: true })
  })
  app.get('/cookies/sign', (_req, res) => {
    Object.assign(res.req, { secret: 'secret' })
    res.cookie('sid', 'abc', { signed: true }).json({ set: true })
  })
  app.get('/cookies/path', (_req, res) => void res.cookie('narrow', '1', { path: '/echo' }).end())
  app.get('/cookies/other-domain', (_req, res) => void res.cookie('foreign', '1', { domain: 'elsewhere.test' }).end())
  app.get('/cookies/clear', (_req, res) => void res.clearCookie('theme').end())
}

function addOdd(app: Express): void {
  app.get('/headers', (_req, res) => {
    res.append('X-Many', 'one').append('X-Many', 'two').append('Link', '</a>; rel="next prev", </b>; rel=last')
    res.type('text').set({ 'X-Number': '1', 'X-Empty': '', 'X-Utf8': 'caf\xc3\xa9' }).end('headers')
  })
  app.get('/multipart', (_req, res) => {
    const lines = [
      '--AaB03x',
      'Content-Disposition: form-data; name="user"',
      '',
      'Tobi',
      '--AaB03x',
      'Content-Disposition: form-data; name="tag"',
      '',
      'a',
      '--AaB03x',
      'Content-Disposition: form-data; name="tag"',
      '',
      'b',
      '--AaB03x',
      'Content-Disposition: form-data; name="file"; filename="a.txt"',
      'Content-Type: text/plain',
      '',
      'file\r\nbody',
      '--AaB03x--',
      '',
    ]
    res.writeHead(200, { 'Content-Type': 'multipart/form-data; boundary=AaB03x' }).end(lines.join('\r\n'))
  })
  app.get('/slow', (_req, res) => void setTimeout(() => res.type('text').send('slow'), 300))
  app.get('/never', () => {})
  app.get('/slow-body/:type', (req, res) => {
    res.type(req.params.type).write('{"first"')
    setTimeout(() => res.end(':1}'), 250)
  })
}

/** Listens on a free port of this machine. */
export function listen(app: Express): Promise<{ server: Server; origin: string }> {
  return new Promise((resolve, reject) => {
    const server = app.listen(0, '127.0.0.1', (error?: Error) => {
      if (error) return reject(error)
      const { port } = server.address() as { port: number }
      resolve({ server, origin: `http://127.0.0.1:${port}` })
    })
  })
}
