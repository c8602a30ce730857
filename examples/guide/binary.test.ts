import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app } from './binary.ts'

const encodingOf = async (path: string, accepted = 'gzip, br') => {
  const { headers } = await request(app).get(path).set('accept-encoding', accepted).expect(200)
  return headers['content-encoding']
}

it('bytes out', () =>
  request(app)
    .get('/pixel.gif')
    .set('accept', 'image/*')
    .binaryMediaTypes(['*/*'])
    .viaAll()
    .expect('content-type', 'image/gif')
    .expect(({ body }) => expect(body).toHaveLength(37)))

it('bytes in', () =>
  request(app)
    .post('/size')
    .type('application/octet-stream')
    .send(Buffer.from([0, 255, 128]))
    .viaAll(['http-api', 'function-url', 'alb', 'vpc-lattice'])
    .expect(200, { bytes: 3 }))

it('a REST API sends base64 as text if it was not configured', async () => {
  const get = () => request(app).get('/pixel.gif').via('rest').set('accept', 'image/gif')
  const res = await get().binaryMediaTypes([])
  expect(Buffer.from(res.body).toString()).toMatch(/^R0lGODlh/)
  expect(res.gateway?.warnings).toEqual([expect.stringContaining("receives the body's base64 text")])
  await get().binaryMediaTypes(['*/*']).expectGateway('ok')
})

it('compresses by what the client prefers', async () => {
  expect(await encodingOf('/rows')).toBe('br')
  expect(await encodingOf('/rows', 'gzip')).toBe('gzip')
  expect(await encodingOf('/rows', 'identity')).toBeUndefined()
})

it('compresses by the options of the route', async () => {
  expect(await encodingOf('/plain-rows')).toBeUndefined()
  expect(await encodingOf('/model.bin')).toBe('br')
  expect(await encodingOf('/brotli-only', 'gzip')).toBeUndefined()
})
