import { createApp } from '@expressway/core'
import request from '@expressway/testing'
import { it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { app } from './middleware.ts'

const get = (path: string) => request(app).get(path)

it('runs around every route, and around 404', async () => {
  await get('/rates').expect('server-timing', /^app;dur=/)
  await get('/nowhere')
    .expect('server-timing', /^app;dur=/)
    .expect(404)
})

it('answers instead of the handler', async () => {
  await get('/me').expect(401)
  await get('/me').set('authorization', 'Bearer letmein').expect(200, { user: 'ada' })
  await get('/rates').expect(200, { reads: 1 })
  await get('/rates').expect(200, { reads: 1 })
})

it('holds below a path', async () => {
  await get('/admin/users').expect(401)
  await get('/admin/users').set('authorization', 'Bearer letmein').expect(200, { seenBy: 'ada' })
  await get('/admin/nowhere').expect(401)
})

it('of a router holds below its path', async () => {
  await get('/orders').expect('x-part', 'orders').expect(200, [])
  await get('/orders/none').expect('x-part', 'orders').expect(404)
})

it('catches errors', () => get('/quote').expect(200, { price: 'unknown' }))

it('that neither answers nor calls next is named', async () => {
  const forgetful = createApp()
  forgetful.use(function forgets() {})
  forgetful.get('/', () => 'never')
  expectLog(/GET \/: middleware forgets neither answered nor called next\(\)/)
  await request(forgetful).get('/').expect(500)
})

it('that calls next twice is named', async () => {
  const hasty = createApp()
  hasty.use(async function hurries(_req, _res, next) {
    await next()
    await next()
  })
  hasty.get('/', () => 'once')
  expectLog(/GET \/: middleware hurries called next\(\) twice/)
  await request(hasty).get('/').expect(500)
})
