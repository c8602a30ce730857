import request from '@expressway/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { app, output } from './app.ts'

const written = vi.spyOn(output, 'write').mockImplementation(() => {})
afterEach(() => written.mockClear())
const lines = () => written.mock.calls.map(([line]) => line)

const trace = '1-5759e988-bd862e3fe1be46a994272793'

it('logs the request with its ids, and nothing that is secret', async () => {
  await request(app)
    .get('/orders/7')
    .set({ authorization: 'Bearer letmein', 'x-customer': 'Ada', 'x-amzn-trace-id': `Root=${trace}` })
    .expect(200, { id: '7' })
  expect(lines()).toEqual([
    { message: 'order read', order: '7', requestId: expect.any(String), traceId: expect.stringMatching(/^1-/) },
    expect.objectContaining({
      message: 'request',
      method: 'GET',
      route: '/orders/:id',
      status: 200,
      params: { id: '7' },
    }),
  ])
  expect(JSON.stringify(lines())).not.toMatch(/letmein|Ada/)
})

it('logs an error once, with the request that it failed', async () => {
  await request(app).get('/broken').expect(500)
  expect(lines()).toEqual([
    { level: 'ERROR', message: 'Unhandled error in GET /broken:', error: 'Error: no database' },
    expect.objectContaining({ message: 'request', route: '/broken', status: 500 }),
  ])
})
