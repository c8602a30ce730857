import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { handler } from './app.ts'

it('sends the tokens in order, and says when it is done', async () => {
  const response = await request(handler)
    .post('/chat')
    .stream()
    .send({ prompt: 'good morning' })
    .expect(200)
    .expect('content-type', /^text\/event-stream/)
  const events = response.text.trimEnd().split('\n\n')
  expect(events.pop()).toBe('data: [DONE]')
  expect(events.map((event) => JSON.parse(event.slice(6)).token).join('')).toBe('You said: good morning')
})
