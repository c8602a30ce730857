import type { WireRequest } from '@expressway/testing/gateway'
import { expect, it } from 'vitest'
import { History, noteChunk } from '../../src/server/history.ts'

const request = (bytes = 0): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: [],
  body: new Uint8Array(bytes),
})

it('keeps the last 200 invocations', () => {
  const history = new History()
  for (let at = 0; at < 250; at++) history.begin('alb', request())
  const ids = history.all().map(({ id }) => id)
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([200, 51, 250])
  expect(history.get(50)).toBeUndefined()
})

it('keeps fewer where their bodies are large, and always the newest', () => {
  const history = new History({ records: 200, bytes: 1000 })
  for (let at = 0; at < 10; at++) history.begin('alb', request(100))
  expect(history.all()).toHaveLength(5)
  history.begin('alb', request(5000))
  expect(history.all().map(({ id }) => id)).toEqual([11])
})

it('keeps the beginning of a large answer and counts the whole', () => {
  const history = new History()
  const record = history.begin('function-url', request())
  record.streamed = true
  for (let at = 0; at < 2000; at++) noteChunk(record, new Uint8Array(1024), at)
  expect(record).toMatchObject({ bytes: 2000 * 1024 })
  expect(record.body.length).toBe(256 * 1024)
  expect(record.chunks).toHaveLength(1000)
})

it('tells who listens of each change, until they stop', () => {
  const history = new History()
  const heard: (number | undefined)[] = []
  const stop = history.listen((record) => heard.push(record?.id))
  const record = history.begin('alb', request())
  const running = history.begin('alb', request())
  record.state = 'done'
  history.changed(record)
  history.clear()
  stop()
  history.changed(running)
  expect(heard).toEqual([1, 2, 1, undefined])
  expect(history.all()).toEqual([running])
})
