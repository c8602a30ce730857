import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { type Any, load, type Middleware, type Setup } from '../scenario.ts'
import { cutOff } from '../targets.ts'

const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) % 256)

const answers: Record<string, (req: IncomingMessage, res: ServerResponse) => void> = {
  '/cookies': (_req, res) => res.setHeader('Set-Cookie', ['a=1; Path=/', 'b=2; Domain=target.example']).end('cookies'),
  '/away': (_req, res) => res.writeHead(302, { location: `http://${_req.headers.host}/there` }).end(),
  '/zipped': (_req, res) =>
    res.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end(gzipSync('Hello')),
  '/bytes': (_req, res) => res.writeHead(200, { 'content-type': 'image/png' }).end(bytes),
  '/fail': (_req, res) => res.writeHead(503, 'Busy').end('busy'),
  '/events': (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    setTimeout(() => res.end('data: 2\n\n'), 30)
  },
  '/cut': (_req, res) => {
    res.writeHead(200, { 'content-length': '100' }).write('only')
    setTimeout(() => res.destroy(), 5)
  },
}

/** What the proxy leads to: it tells what it was asked. */
function echo(req: IncomingMessage, res: ServerResponse): void {
  let body = ''
  req.on('data', (chunk) => (body += chunk))
  req.on('end', () => {
    const { 'x-added': added, 'content-type': type, 'x-forwarded-host': forwarded } = req.headers
    res.setHeader('X-From', 'target')
    res.end(JSON.stringify({ method: req.method, url: req.url, added, type, forwarded, body }))
  })
}

async function target({ after }: Setup): Promise<string> {
  const server = createServer((req, res) => (answers[req.url as string] ?? echo)(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ports = (text: string): string => text.replace(/(127\.0\.0\.1|example\.com):\d+/g, '$1:<port>')

export const proxy: Middleware = {
  name: 'http-proxy-middleware',
  note: 'No WebSockets: no gateway passes the upgrade of a connection to a function.',
  scenarios: [
    {
      title: 'hands requests on with their body, and answers back with cookies, redirects, bytes and errors',
      normal: ports,
      async build(express, setup) {
        const { createProxyMiddleware } = load('http-proxy-middleware')
        const to = await target(setup)
        const app = express()
        const { note } = setup
        app.use(
          '/api',
          createProxyMiddleware({
            target: to,
            changeOrigin: true,
            xfwd: false,
            autoRewrite: true,
            cookieDomainRewrite: { 'target.example': 'example.com' },
            pathRewrite: { '^/old': '/new' },
            pathFilter: (path: string) => !path.startsWith('/private'),
            on: {
              proxyReq: (outgoing: Any) => outgoing.setHeader('x-added', 'by the proxy'),
              proxyRes: (incoming: Any, req: Any) => note(req.method, req.originalUrl, incoming.statusCode),
            },
          }),
        )
        app.use((_req, res) => void res.status(404).send('not proxied'))
        return app
      },
      async talk(client) {
        const get = await client.get('/api/old/items?a=1&b=2')
        expect(get.json()).toMatchObject({ method: 'GET', url: '/new/items?a=1&b=2', added: 'by the proxy' })
        expect(get.headers['x-from']).toBe('target')
        expect((await client.post('/api/items', { json: { a: 'ü' } })).json()).toMatchObject({
          method: 'POST',
          type: 'application/json',
          body: '{"a":"ü"}',
        })
        const large = 'x'.repeat(200_000)
        const put = await client.send('PUT', '/api/items', { body: large, headers: { 'content-type': 'text/plain' } })
        expect(put.json().body).toBe(large)
        const { headers } = await client.get('/api/cookies')
        expect(headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Domain=example.com'])
        expect((await client.get('/api/away')).headers.location).toMatch(/^http:\/\/example\.com:\d+\/there$/)
        expect((await client.get('/api/bytes')).bytes.equals(bytes)).toBe(true)
        expect((await client.get('/api/fail')).status).toBe(503)
        expect((await client.get('/api/private/x')).text).toBe('not proxied')
        expect((await client.send('HEAD', '/api/items')).text).toBe('')
      },
    },
    {
      title: 'bodies that a parser read before, answers rewritten on the way, targets chosen by request',
      normal: ports,
      async build(express, setup) {
        const { createProxyMiddleware, fixRequestBody, responseInterceptor } = load('http-proxy-middleware')
        const to = await target(setup)
        const app = express()
        app.use('/parsed', express.json(), createProxyMiddleware({ target: to, on: { proxyReq: fixRequestBody } }))
        const rewrite = async (buffer: Buffer, _incoming: Any, _req: Any, res: Any) => {
          res.setHeader('X-Rewritten', 'yes')
          return buffer.toString().replace('Hello', 'Goodbye')
        }
        app.use(
          '/rewritten',
          createProxyMiddleware({
            target: to,
            selfHandleResponse: true,
            on: { proxyRes: responseInterceptor(rewrite) },
          }),
        )
        app.use('/chosen', createProxyMiddleware({ target: 'http://127.0.0.1:1', router: async () => to }))
        return app
      },
      async talk(client) {
        expect((await client.post('/parsed/items', { json: { a: 1 } })).json()).toMatchObject({ body: '{"a":1}' })
        const { text, headers } = await client.get('/rewritten/zipped')
        expect([text, headers['x-rewritten'], headers['content-encoding']]).toEqual(['Goodbye', 'yes', undefined])
        expect((await client.get('/chosen/x')).json()).toMatchObject({ url: '/x' })
      },
    },
    {
      title: 'breaks off if the target does',
      cannot: cutOff,
      async build(express, setup) {
        const app = express()
        app.use('/api', load('http-proxy-middleware').createProxyMiddleware({ target: await target(setup) }))
        return app
      },
      async talk(client) {
        const failed = await client.get('/api/cut').then(
          ({ status }) => status >= 500,
          () => true,
        )
        expect(failed).toBe(true)
      },
    },
    {
      title: 'a stream of events, as they come',
      async build(express, setup) {
        const app = express()
        app.use('/api', load('http-proxy-middleware').createProxyMiddleware({ target: await target(setup) }))
        return app
      },
      async talk(client) {
        const seen: string[] = []
        for await (const chunk of await client.open('/api/events')) seen.push(Buffer.from(chunk).toString())
        expect(seen.join('')).toBe('data: 1\n\ndata: 2\n\n')
        expect(seen.length > 1).toBe(client.streams)
      },
    },
    {
      title: 'answers 504 if no server listens, or as the application says',
      normal: ports,
      build: (express, { note }) => {
        const { createProxyMiddleware } = load('http-proxy-middleware')
        const dead = 'http://127.0.0.1:1'
        const app = express()
        app.use('/default', createProxyMiddleware({ target: dead }))
        const error = (fault: Any, _req: Any, res: Any) => {
          note(fault.code)
          res.writeHead(500, { 'Content-Type': 'text/plain' })
          res.end('Something went wrong.')
        }
        app.use('/own', createProxyMiddleware({ target: dead, on: { error } }))
        return app
      },
      async talk(client) {
        expect((await client.get('/default/x')).status).toBe(504)
        expect((await client.get('/own/x')).text).toBe('Something went wrong.')
        expect(client.notes).toEqual(['ECONNREFUSED'])
      },
    },
  ],
}
