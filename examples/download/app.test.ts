import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import request from '@expressway/testing'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { app, handler } from './app.ts'

const folder = mkdtempSync(join(tmpdir(), 'expressway-files-'))
const bytes = randomBytes(8 * 1024 * 1024)
beforeAll(() => {
  process.env.FILES = folder
  writeFileSync(join(folder, 'large.bin'), bytes)
  writeFileSync(join(folder, 'Größe.txt'), 'centimetres')
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const get = (path: string) => request(handler, { gateway: 'function-url' }).get(path).stream()

it.each(['function-url', 'rest-api'] as const)('streams 8 MB behind %s', async (gateway) => {
  const response = await get('/files/large.bin')
    .via(gateway)
    .expect(200)
    .expect('content-disposition', /^attachment; filename="?large\.bin"?$/)
  expect(bytes.equals(response.body)).toBe(true)
})

it('answers a range', async () => {
  const response = await get('/files/large.bin')
    .set('range', 'bytes=0-9')
    .expect(206)
    .expect('content-range', `bytes 0-9/${bytes.length}`)
  expect(bytes.subarray(0, 10).equals(response.body)).toBe(true)
})

it('goes on with a download that broke off, unless the file has changed since', async () => {
  const { headers } = await get('/files/large.bin').disconnectAfter(1)
  const rest = () => get('/files/large.bin').set('range', `bytes=${bytes.length - 5}-`)
  const { body } = await rest().set('if-range', headers.etag!).expect(206)
  expect(bytes.subarray(-5).equals(body)).toBe(true)
  await rest().set('if-range', '"of yesterday"').expect(200)
})

it('refuses a range behind the end', () =>
  get('/files/large.bin').set('range', 'bytes=9000000-').expect(416).expect('content-range', `bytes */${bytes.length}`))

it('sends no file that the client has', async () => {
  const { headers } = await get('/files/large.bin')
    .set('range', 'bytes=0-0')
    .expect('cache-control', 'public, max-age=3600')
  await get('/files/large.bin').set('if-none-match', headers.etag!).expect(304, '')
})

it('names a file in its own letters', () =>
  get('/files/Gr%C3%B6%C3%9Fe.txt')
    .expect(200, 'centimetres')
    .expect('content-disposition', /filename\*=UTF-8''Gr%C3%B6%C3%9Fe\.txt/))

it.each([
  ['none', 404],
  ['%2Fetc%2Fpasswd', 404],
  ['..%2Fapp.ts', 403],
  ['.%2e%2f.%2e%2fetc%2fpasswd', 403],
] as const)('keeps to its folder: %s', async (name, status) => {
  await get(`/files/${name}`).expect(status)
})

it('is more than a buffered answer can take, and the log says so', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  await request(app.handler)
    .get('/files/large.bin')
    .expect(({ status }) => {
      expect(status).toBeGreaterThanOrEqual(500)
    })
  expect(log.mock.calls.flat().join()).toContain('Stream the answer')
})

it('answers a range of it on every event source', () =>
  request(app.handler)
    .get('/files/large.bin')
    .set('range', 'bytes=-1000')
    .binaryMediaTypes(['*/*'])
    .accept('*/*')
    .viaAll()
    .expect(206))
