// The same, written for core.
import { threadId } from 'node:worker_threads'
import { getInvocation } from '@expressway/core/lambda'
import { gate, note } from './outside.mjs'

export function addRoutes(app) {
  app.get('/json', (req) => ({ hello: req.query.name ?? 'world' }))
  app.post('/echo', (req, res) => res.status(201).json(req.json()))
  app.get('/bytes', () => Buffer.from([0, 1, 254, 255]))
  app.get('/cookies', (_req, res) => res.cookie('a', '1').cookie('b', '2').redirect('/json'))
  app.get('/nothing', (_req, res) => res.status(204).set('x-a', '1').send())
  app.get('/gated', async (_req, res) => {
    res.status(203).type('text/plain').set('x-a', '1')
    await res.write('one ')
    await gate('gated')
    await res.write('two')
  })
  app.get('/throws', () => {
    throw new Error('thrown')
  })
  app.get('/late', async function* (_req, res) {
    res.type('text/plain')
    yield 'begun'
    await gate('late')
    throw new Error('failed late')
  })
  app.get('/silent', () => new Promise(() => {}))
  app.get('/endless', async function* (req, res) {
    req.signal.addEventListener('abort', () => note('closed'))
    res.type('text/plain')
    yield 'begun'
    await new Promise(() => {})
  })
  app.get('/large', async function* () {
    for (let left = 320; left > 0; left--) yield Buffer.alloc(65_536)
    note('produced')
  })
  app.get('/id/:id', async (req) => {
    await gate(`thread-${threadId}`)
    return { id: req.params.id, requestId: getInvocation()?.context.awsRequestId }
  })
}
