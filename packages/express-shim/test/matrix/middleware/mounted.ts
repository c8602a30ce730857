import { createServer } from 'node:http'
import realExpress from 'express'
import { expect } from 'vitest'
import { type Any, load, type Middleware } from '../scenario.ts'

/** An application of the express package itself, as libraries with pages of their own bring one. */
function dashboard(): Any {
  const app: Any = realExpress()
  app.set('etag', 'strong')
  app.use(realExpress.json())
  app.get('/', (req: Any, res: Any) => res.send(`at ${req.baseUrl}, for ${req.ip} by ${req.protocol}`))
  app.post('/items', (req: Any, res: Any) =>
    res.status(201).json({ body: req.body, url: req.originalUrl, secure: req.secure }),
  )
  app.get('/away', (_req: Any, res: Any) => res.cookie('seen', 'yes').redirect('/elsewhere'))
  app.get('/pass', (_req: Any, _res: Any, next: Any) => next())
  app.get('/fail', () => {
    throw new Error('inside')
  })
  return app
}

const expressPackage: Middleware = {
  name: 'applications and routers of the express package, mounted',
  packages: ['express'],
  scenarios: [
    {
      title: 'a whole application, before and after which handlers of the shim run',
      build: (express, { note }) => {
        const app = express()
        app.set('trust proxy', 1)
        app.use((_req, res, next) => {
          res.on('finish', () => note(res.statusCode))
          next()
        })
        app.use('/admin', dashboard())
        app.use((req: Any, res: Any, _next: Any) =>
          res.status(404).json({ own: req.url, secure: req.secure, app: req.app === app }),
        )
        app.use((error: Any, req: Any, res: Any, _next: Any) =>
          res.status(500).json({ error: error.message, app: req.app === app }),
        )
        return app
      },
      async talk(client) {
        expect((await client.get('/admin')).text).toBe('at /admin, for 192.0.2.1 by https')
        expect((await client.post('/admin/items', { json: { a: 1 } })).json()).toEqual({
          body: { a: 1 },
          url: '/admin/items',
          secure: true,
        })
        expect((await client.get('/admin/away')).headers['set-cookie']).toEqual(['seen=yes; Path=/'])
        expect((await client.get('/admin/pass')).json()).toEqual({ own: '/admin/pass', secure: true, app: true })
        expect((await client.get('/admin/none')).status).toBe(404)
        expect((await client.get('/admin/fail')).json()).toEqual({ error: 'inside', app: true })
        expect(await client.noted(6)).toEqual([200, 201, 302, 404, 404, 500])
      },
    },
    {
      title: 'a router, with parameters, parsers, files and views of the outer application',
      build: (express) => {
        const router = realExpress.Router({ mergeParams: true })
        router.use(realExpress.urlencoded({ extended: true }))
        router.param('id', (req: Any, _res, next, value) => {
          req.item = `item ${value}`
          next()
        })
        router.get(
          '/items/:id',
          (req: Any, res) => void res.json({ params: req.params, item: req.item, baseUrl: req.baseUrl }),
        )
        router.post('/items', (req: Any, res) => void res.json(req.body))
        router.use('/files', realExpress.static(import.meta.dirname))
        const app = express()
        app.use('/shops/:shop', router as Any)
        return app
      },
      async talk(client) {
        expect((await client.get('/shops/1/items/7')).json()).toEqual({
          params: { shop: '1', id: '7' },
          item: 'item 7',
          baseUrl: '/shops/1',
        })
        expect((await client.post('/shops/1/items', { form: { 'a[b]': 'c' } })).json()).toEqual({ a: { b: 'c' } })
        expect((await client.get('/shops/1/files/mounted.ts')).text).toContain('export const mounted')
        expect((await client.send('OPTIONS', '/shops/1/items')).headers.allow).toBe('POST')
      },
    },
  ],
}

const connect: Middleware = {
  name: 'Connect applications and plain listeners, mounted',
  packages: ['connect'],
  scenarios: [
    {
      title: 'a Connect application, and an http.Server that is handed requests',
      build: (express) => {
        const inner = load('connect')()
        inner.use('/hello', (req: Any, res: Any) => res.end(`hello from ${req.url}`))
        const server = createServer((req, res) => {
          res.writeHead(202, 'Taken', { 'content-type': 'text/plain' })
          req.pipe(res)
        })
        const app = express()
        app.use('/connect', inner)
        app.use('/server', (req: Any, res: Any) => void server.emit('request', req, res))
        app.use((_req, res) => void res.status(404).send('nowhere'))
        return app
      },
      async talk(client) {
        expect((await client.get('/connect/hello/you')).text).toBe('hello from /you')
        expect((await client.get('/connect/none')).text).toBe('nowhere')
        const echo = await client.post('/server', {
          body: 'x'.repeat(100_000),
          headers: { 'content-type': 'text/plain' },
        })
        expect([echo.status, echo.text.length]).toEqual([202, 100_000])
      },
    },
  ],
}

export const mounted: readonly Middleware[] = [expressPackage, connect]
