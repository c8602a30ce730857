import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import request from '@expressway/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { app, handler } from './app.ts'

const folder = mkdtempSync(join(tmpdir(), 'expressway-files-'))
const bytes = randomBytes(8 * 1024 * 1024)
beforeAll(() => {
  process.env.FILES = folder
  writeFileSync(join(folder, 'large.bin'), bytes)
})
afterAll(() => rmSync(folder, { recursive: true }))

const get = (path: string) => request(handler).get(path).stream()

it('streams 8 MB', async () => {
  const response = await get('/files/large.bin')
    .expect(200)
    .expect('content-disposition', /^attachment; filename="?large\.bin"?$/)
  expect(bytes.equals(response.body)).toBe(true)
})

it('answers a range', async () => {
  const response = await get('/files/large.bin').set('range', 'bytes=0-9').expect(206)
  expect(bytes.subarray(0, 10).equals(response.body)).toBe(true)
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

it('says 404 for a file that is not there', () => get('/files/none').expect(404))
