import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app } from './caching.ts'

it('sends directives with a success, and no-cache with everything else', async () => {
  await request(app).get('/orders/7').expect('cache-control', 'private, max-age=600').expect(200)
  await request(app).get('/orders/8').expect('cache-control', 'no-cache').expect(404)
})

it('answers 304 if the copy of the client is current', async () => {
  const { headers } = await request(app).get('/rates').expect('etag', /^W\/"/).expect(200)
  const again = await request(app).get('/rates').set('if-none-match', headers.etag!).expect(304, '')
  expect(again.headers['cache-control']).toBe('public, max-age=60')
})

it('compares dates', async () => {
  const get = () => request(app).get('/article')
  await get().set('if-modified-since', 'Fri, 01 May 2026 00:00:00 GMT').expect(304)
  await get().set('if-modified-since', 'Thu, 30 Apr 2026 00:00:00 GMT').expect(200)
})

it('takes the options of a router', async () => {
  const { headers } = await request(app)
    .get('/assets/app.js')
    .expect('cache-control', /immutable/)
    .expect(200)
  expect(headers.etag).toBeUndefined()
})
