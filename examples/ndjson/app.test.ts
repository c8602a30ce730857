import request from '@expressway/testing'
import { expect, it, vi } from 'vitest'
import { app, handler } from './app.ts'

const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

it('streams a line for each row', async () => {
  const response = await request(handler)
    .get('/rows')
    .stream()
    .expect('content-type', /ndjson/)
  expect(lines(response.text)).toEqual([1, 2, 3].map((id) => ({ id, name: `row ${id}` })))
})

it('answers the same whole if the gateway cannot stream, and warns', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const response = await request(app).get('/rows?count=2').expect(200)
  expect(lines(response.text)).toHaveLength(2)
  expect(warn.mock.calls.flat().join()).toContain('http-api cannot stream')
})
