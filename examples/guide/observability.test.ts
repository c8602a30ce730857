import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { app, durations, entries, logged } from './observability.ts'

it('logs a line', async () => {
  expectLog(/"method":"GET","route":"\/orders\/:id","status":200,"durationMs":[\d.]+,"source":"http-api"/)
  await request(logged).get('/orders/7').expect(200)
})

it('leaves out what is secret', async () => {
  await request(app).get('/orders/7?email=ada@example.com&code=abc').set({ 'x-customer': '7', accept: 'a/b' })
  expect(entries.at(-1)).toMatchObject({
    params: { id: '7' },
    query: { email: '[redacted]', code: '[redacted]' },
    headers: { 'x-customer': '[redacted]', accept: 'a/b' },
  })
})

it('calls hooks', async () => {
  expectLog(/error in \/broken: Error: no database/)
  expectLog(/Unhandled error in GET \/broken/)
  await request(app).get('/broken').expect(500)
  expect(Object.keys(durations)).toContain('/broken')
})
