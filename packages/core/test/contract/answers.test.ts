import request from '@expressway/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type ContractSettings, contract } from '../../src/contract.ts'
import { createApp, type Response, reply } from '../../src/index.ts'

const Public = z.object({ id: z.number(), since: z.date().optional() })
const Problem = z.object({ reason: z.string() })
const leaking = { id: 1, password: 'canary' }

afterEach(() => void vi.restoreAllMocks())

/** One route for each way to answer. */
function appOf(settings: ContractSettings) {
  const app = createApp()
  const declared = contract({ response: { 200: Public, 404: Problem } }, settings)
  app.get('/returned', declared, () => leaking)
  app.get('/later', declared, async () => leaking)
  app.get('/reply', declared, () => reply({ status: 200, body: leaking }))
  app.get('/written', declared, (_req, res) => void res.json(leaking))
  app.get('/chained', declared, (_req, res): Response => res.status(404).json({ reason: 'x', password: 'canary' }))
  app.get('/wrong', declared, () => ({ id: 'one' }) as never)
  app.get('/wrong-later', declared, async () => reply({ status: 404, body: {} as never }))
  app.get('/undeclared', declared, () => reply({ status: 409, body: 'x' }) as never)
  app.get('/bytes', declared, () => Buffer.from('raw') as never)
  return app
}

describe('a returned value has the only declared status of success', () => {
  const app = createApp()
  app.post('/created', contract({ response: { 201: Public, 404: Problem } }), () => ({ id: 1 }))
  app.post('/chosen', contract({ response: { 201: Public, 202: Public } }), () => ({ id: 1 }))
  app.post('/own', contract({ response: { 201: Public, 404: Problem } }), (_req, res) => {
    res.status(404)
    return { reason: 'x' } as never
  })
  app.delete('/gone', contract({ response: { 204: null } }), () => reply({ status: 204 }))
  app.delete('/nothing', contract({ response: { 204: null } }), () => undefined)
  app.delete('/nothing-later', contract({ response: { 204: null, 404: Problem } }), async () => {})
  app.delete('/written', contract({ response: { 204: null, 404: Problem } }), (_req, res) => {
    res.status(404).json({ reason: 'x' })
  })

  test.each([
    ['post', '/created', 201],
    ['post', '/chosen', 200],
    ['post', '/own', 404],
    ['delete', '/gone', 204],
    ['delete', '/nothing', 204],
    ['delete', '/nothing-later', 204],
    ['delete', '/written', 404],
  ] as const)('%s %s: %i', async (method, path, status) => {
    await request(app)[method](path).expect(status)
  })
})

describe('enforced answers', () => {
  const app = appOf({ answers: 'enforce' })

  test.each(['/returned', '/later', '/reply', '/written'])('%s: no other member leaks', async (path) => {
    await request(app).get(path).viaAll().expect(200, { id: 1 })
  })

  test('a status that the handler chose has its own schema', async () => {
    await request(app).get('/chained').expect(404, { reason: 'x' })
  })

  test.each(['/wrong', '/wrong-later', '/undeclared'])('%s: 500, never 422, and the log says why', async (path) => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    await request(app).get(path).expect(500, { statusCode: 500, message: 'Internal server error' })
    expect(String(log.mock.calls[0])).toContain(`GET ${path}: the answer does not match its contract: `)
  })

  test('bytes are sent as they are', async () => {
    await request(app).get('/bytes').expect(200).expect('content-type', 'application/octet-stream')
  })
})

test('logged answers are sent as they are, and reported without their values', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const app = appOf({ answers: 'log' })
  await request(app).get('/returned').expect(200, leaking)
  expect(log).not.toHaveBeenCalled()
  await request(app).get('/wrong').expect(200, { id: 'one' })
  expect(log.mock.calls).toEqual([[expect.stringMatching(/^expressway: GET \/wrong: .*\/id: /)]])
  expect(String(log.mock.calls)).not.toContain('one')
})

test('by default answers are not looked at', async () => {
  await request(appOf({})).get('/wrong').expect(200, { id: 'one' })
})
