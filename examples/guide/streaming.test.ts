import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { handler, withContext } from './streaming.ts'

const get = (path: string) => request(handler).get(path).stream().expect(200)

it('generators', async () => {
  const res = await get('/count')
  expect(res.chunks.map(({ data }) => String(data)).slice(0, 2)).toEqual(['0\n', '1\n'])
})

it('events', async () => {
  await get('/prices')
    .expect('content-type', /event-stream/)
    .expectChunk('event: price\nid: 1\ndata: {"id":1,"price":101}\n\n')
  const res = await get('/prices').set('last-event-id', '2')
  expect(res.text).toBe(':\n\nevent: price\nid: 3\ndata: {"id":3,"price":103}\n\n')
})

it('lines of JSON', () =>
  get('/rows')
    .expect('content-type', /ndjson/)
    .expectChunk('{"id":1}\n', 0))

it('chunks that are written', () => get('/written').expectChunk('one ', 0).expectChunk('two', 1))

it('the same handler answers whole if the source does not stream', async () => {
  expectLog(/alb cannot stream: a streamed body was collected into one result/)
  await request(handler).get('/written').via('alb').expect(200, 'one two')
})

it('the invocation, far from the handler', async () => {
  expectLog(/read/)
  await request(withContext).get('/logged').stream().expect(200)
})
