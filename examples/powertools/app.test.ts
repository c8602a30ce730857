import request from '@expressway/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

let lines: string[] = []
const take = (text: unknown) => void lines.push(String(text).trim())

beforeEach(() => {
  lines = []
  // Powertools writes through a console of its own, unless it is told that this is development.
  vi.stubEnv('POWERTOOLS_DEV', 'true')
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false')
  for (const method of ['log', 'info', 'error'] as const) vi.spyOn(console, method).mockImplementation(take)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const load = async () => {
  vi.resetModules()
  return import('./app.ts')
}
const parsed = () => lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))

it('logs the route, status and ids of each request', async () => {
  const { app } = await load()
  await request(app).get('/orders/7').expect(200, { id: '7' })
  const entry = parsed().find(({ message }) => message === 'request')
  expect(entry).toMatchObject({
    level: 'INFO',
    service: 'orders',
    http: { method: 'GET', route: '/orders/:id', status: 200 },
    correlation_id: expect.any(String),
  })
})

it('measures latency by route, and counts faults', async () => {
  const { app } = await load()
  await request(app).get('/orders/7').expect(200)
  await request(app).delete('/orders/7').expect(500)
  const published = parsed().filter((line) => '_aws' in line)
  expect(published.map(({ route, latency, faults }) => [route, latency, faults])).toEqual([
    ['/orders/:id', expect.any(Number), undefined],
    ['/orders/:id', expect.any(Number), 1],
  ])
})

it('logs what was thrown', async () => {
  const { app } = await load()
  await request(app).delete('/orders/7').expect(500)
  expect(parsed()).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      message: 'error in /orders/:id',
      error: expect.objectContaining({ message: 'read only' }),
    }),
  )
})

it('opens a segment for a request, records its error and closes it', async () => {
  const { app, tracer } = await load()
  const segment = { addError: vi.fn(), close: vi.fn() }
  const addNewSubsegment = vi.fn(() => segment)
  vi.spyOn(tracer, 'isTracingEnabled').mockReturnValue(true)
  vi.spyOn(tracer, 'getSegment').mockReturnValue({ addNewSubsegment } as never)
  await request(app).delete('/orders/7').expect(500)
  expect(addNewSubsegment).toHaveBeenCalledExactlyOnceWith('DELETE /orders/:id')
  expect(segment.addError).toHaveBeenCalledExactlyOnceWith(new Error('read only'))
  expect(segment.close).toHaveBeenCalledOnce()
})
