import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import realExpress from 'express'
import request from 'supertest'
import { describe, expect, test } from 'vitest'
import shimExpress from '../../src/index.ts'
import { createClient } from './client.ts'
import { type Any, type Express, load } from './scenario.ts'
import { targets } from './targets.ts'

/** An application such as existing suites test. */
function shop(express: Any): Any {
  const multer = load('multer')
  const app = express()
  app.use(express.json(), express.urlencoded({ extended: true }), load('cookie-parser')())
  app.get('/user', (_req: Any, res: Any) => res.status(200).json({ name: 'john' }))
  app.post('/echo', (req: Any, res: Any) => res.status(201).json(req.body))
  app.get('/login', (_req: Any, res: Any) => res.cookie('session', 'abc', { httpOnly: true }).redirect('/me'))
  app.get('/me', (req: Any, res: Any) => res.json({ session: req.cookies.session ?? null }))
  app.get('/query', (req: Any, res: Any) => res.json(req.query))
  app.get('/secret', (req: Any, res: Any) => {
    if (req.get('authorization') === 'Basic dG9iaTpsZWFybmJvb3N0') res.send('welcome')
    else res.set('WWW-Authenticate', 'Basic').sendStatus(401)
  })
  app.post('/upload', multer({ storage: multer.memoryStorage() }).single('avatar'), (req: Any, res: Any) => {
    res.json({ name: req.file.originalname, size: req.file.size, body: req.body })
  })
  app.get('/stream', (_req: Any, res: Any) => {
    res.type('text').write('one,')
    setTimeout(() => res.end('two'), 5)
  })
  app.get('/bytes', (_req: Any, res: Any) => res.send(Buffer.from([0, 255, 254, 10])))
  app.get('/cached', (_req: Any, res: Any) => res.set('ETag', '"1"').send('cached'))
  app.get('/fail', () => {
    throw new Error('broken')
  })
  app.delete('/user', (_req: Any, res: Any) => res.sendStatus(204))
  return app
}

describe.each([
  ['the express package', realExpress],
  ['the shim', shimExpress as Express],
])('supertest(app) with %s', (_name, express) => {
  test('status, fields, bodies and functions, by promise, by callback and by then', async () => {
    const app = shop(express)
    await request(app)
      .get('/user')
      .set('Accept', 'application/json')
      .expect('Content-Type', /json/)
      .expect(200, { name: 'john' })
    await new Promise<void>((resolve, reject) => {
      request(app)
        .get('/user')
        .expect('Content-Length', '15')
        .expect(200)
        .end((error) => (error ? reject(error) : resolve()))
    })
    const response = await request(app)
      .post('/echo')
      .send({ a: ['ü'] })
    expect([response.statusCode, response.body]).toEqual([201, { a: ['ü'] }])
    await request(app).post('/echo').type('form').send({ b: '1' }).expect({ b: '1' })
    await request(app).delete('/user').expect(204, '')
    await request(app).head('/user').expect(200)
    await request(app).options('/user').expect('Allow', 'DELETE, GET, HEAD')
    await request(app)
      .get('/none')
      .expect(404, /Cannot GET \/none/)
    await request(app)
      .get('/query')
      .query({ a: 1, b: ['x', 'y'] })
      .expect({ a: '1', b: ['x', 'y'] })
    await request(app)
      .get('/cached')
      .set('If-None-Match', '"1"')
      .expect(304)
      .expect(({ text }) => {
        if (text) throw new Error('a body')
      })
    await expect(request(app).get('/user').expect(500)).rejects.toThrow(
      'expected 500 "Internal Server Error", got 200 "OK"',
    )
  })

  test('agents, redirects, uploads, authentication, bytes, streams', async () => {
    const app = shop(express)
    const agent = request.agent(app)
    await agent
      .get('/login')
      .expect(302)
      .expect('Location', '/me')
      .expect('Set-Cookie', 'session=abc; Path=/; HttpOnly')
    await agent.get('/me').expect({ session: 'abc' })
    await request(app).get('/login').redirects(1).expect(200, { session: null })
    await request(app).get('/secret').expect(401).expect('WWW-Authenticate', 'Basic')
    await request(app).get('/secret').auth('tobi', 'learnboost').expect('welcome')
    await request(app)
      .post('/upload')
      .field('name', 'my avatar')
      .attach('avatar', Buffer.from('bytes'), 'me.png')
      .expect({ name: 'me.png', size: 5, body: { name: 'my avatar' } })
    await request(app).get('/stream').expect('one,two')
    const { body } = await request(app).get('/bytes').responseType('blob')
    expect([...body]).toEqual([0, 255, 254, 10])
  })

  test('a server that is listening, one server for many requests at once, and app.listen', async () => {
    const app = shop(express)
    const server = createServer(app)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => request(server).get(`/query?n=${n}`)))
    expect(answers.map(({ body }) => body.n)).toEqual(Array.from({ length: 20 }, (_, n) => String(n)))
    await new Promise((resolve) => server.close(resolve))
    const listening = await new Promise<Any>((resolve) => {
      const made = app.listen(0, '127.0.0.1', () => resolve(made))
    })
    await request(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`)
      .get('/user')
      .expect(200)
    await new Promise((resolve) => listening.close(resolve))
  })

  test('mounted in an application of the express package', async () => {
    const outer = realExpress()
    outer.set('trust proxy', true)
    const inner = shop(express)
    inner.get('/where', (req: Any, res: Any) => {
      res.json({
        baseUrl: req.baseUrl,
        url: req.url,
        original: req.originalUrl,
        ip: req.ip,
        path: inner.path(),
        app: req.app === inner,
      })
    })
    inner.get('/pass', (_req: Any, _res: Any, next: Any) => next())
    let mounts = 0
    inner.on('mount', (parent: unknown) => (mounts += Number(parent === outer)))
    outer.use('/shop', inner)
    outer.use((req: Any, res: Any) => res.status(404).json({ outer: req.url, app: req.app === outer }))
    outer.use((error: Error, _req: Any, res: Any, _next: Any) => res.status(500).json({ outer: error.message }))
    expect(mounts).toBe(1)
    await request(outer).get('/shop/where?a=1').set('X-Forwarded-For', '192.0.2.7').expect({
      baseUrl: '/shop',
      url: '/where?a=1',
      original: '/shop/where?a=1',
      ip: '192.0.2.7',
      path: '/shop',
      app: true,
    })
    await request(outer).post('/shop/echo').send({ a: 1 }).expect(201, { a: 1 })
    await request(outer).get('/shop/pass').expect(404, { outer: '/shop/pass', app: true })
    await request(outer).get('/shop/none').expect(404, { outer: '/shop/none', app: true })
    await request(outer).get('/shop/fail').expect(500, { outer: 'broken' })
    await request(outer).get('/shop/login').expect('Set-Cookie', 'session=abc; Path=/; HttpOnly')
  })

  test('a router mounted in an application of the express package', async () => {
    const router: Any = express.Router({ mergeParams: true })
    router.use(express.json())
    router.param('id', (req: Any, _res: Any, next: Any, id: string) => {
      req.item = `item ${id}`
      next()
    })
    router.get('/items/:id', (req: Any, res: Any) =>
      res.json({ params: req.params, item: req.item, baseUrl: req.baseUrl }),
    )
    router.post('/items', (req: Any, res: Any) => res.json(req.body))
    router.use('/files', express.static(import.meta.dirname))
    const outer = realExpress()
    outer.use('/shops/:shop', router)
    await request(outer)
      .get('/shops/1/items/7')
      .expect({ params: { shop: '1', id: '7' }, item: 'item 7', baseUrl: '/shops/1' })
    await request(outer).post('/shops/1/items').send({ a: 1 }).expect({ a: 1 })
    await request(outer).get('/shops/1/files/table.ts').expect('Accept-Ranges', 'bytes').expect(200)
  })
})

test('one application answers a suite of supertest, a server and every gateway at once', async () => {
  const app = shop(shimExpress)
  await request(app).get('/user').expect({ name: 'john' })
  const answers = await Promise.all(
    Object.values(targets).map(async ({ open, streams }) => {
      const opened = await open(app)
      const { text } = await createClient(opened, streams, [], []).get('/query?a=1')
      await opened.close()
      return text
    }),
  )
  expect(new Set(answers)).toEqual(new Set(['{"a":"1"}']))
  await request(app).get('/user').expect({ name: 'john' })
})
