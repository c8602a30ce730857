// One application, written for Express: the shim and Express itself run it.
import { threadId } from 'node:worker_threads'
import { gate, note } from './outside.mjs'

export function addRoutes(app, json, requestIdOf) {
  app.use(json())
  app.get('/json', (req, res) => void res.json({ hello: req.query.name ?? 'world' }))
  app.post('/echo', (req, res) => void res.status(201).json(req.body))
  app.get('/bytes', (_req, res) => void res.type('application/octet-stream').send(Buffer.from([0, 1, 254, 255])))
  app.get('/cookies', (_req, res) => void res.cookie('a', '1').cookie('b', '2').redirect('/json'))
  app.get('/nothing', (_req, res) => void res.status(204).set('x-a', '1').end())
  app.get('/gated', async (_req, res) => {
    res.status(203).type('text/plain').set('x-a', '1').write('one ')
    await gate('gated')
    res.end('two')
  })
  app.get('/throws', () => {
    throw new Error('thrown')
  })
  app.get('/late', async (_req, res) => {
    res.type('text/plain').write('begun')
    await gate('late')
    res.destroy(new Error('failed late'))
  })
  app.get('/silent', () => {})
  app.get('/endless', (_req, res) => {
    res.once('close', () => note('closed'))
    res.type('text/plain').write('begun')
  })
  app.get('/large', (_req, res) => {
    let left = 320
    const more = () => {
      while (left-- > 0) if (!res.write(Buffer.alloc(65_536))) return void res.once('drain', more)
      note('produced')
      res.end()
    }
    more()
  })
  app.get('/id/:id', async (req, res) => {
    await gate(`thread-${threadId}`)
    res.json({ id: req.params.id, requestId: requestIdOf(req) })
  })
}
