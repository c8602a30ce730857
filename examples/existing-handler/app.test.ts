import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app } from './app.ts'

it('passes the event in and the result out', async () => {
  const res = await request(app, { gateway: 'rest-api' })
    .get('/legacy?a=1')
    .expect(200, { query: { a: '1' } })
  expect(res.headers['set-cookie']).toEqual(['a=1', 'b=2'])
})

it('stands beside new routes', () => request(app, { gateway: 'rest-api' }).get('/new').expect(200, { rewritten: true }))
