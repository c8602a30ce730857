import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { handler } from './app.ts'

const get = (path: string) => request(handler).get(path).stream()

it('sends events as they happen', async () => {
  const response = await get('/prices')
    .expect(200)
    .expect('content-type', /^text\/event-stream/)
  expect(response.text).toBe(
    `:\n\n${[1, 2, 3].map((id) => `event: price\nid: ${id}\ndata: {"price":${100 + id}}\n\n`).join('')}`,
  )
})

it('goes on where the browser left off', async () => {
  const response = await get('/prices').set('last-event-id', '2').expect(200)
  expect(response.text.match(/id: \d/g)).toEqual(['id: 3'])
})
