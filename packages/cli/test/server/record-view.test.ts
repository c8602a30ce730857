import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { History, type InvocationRecord } from '../../src/server/history.ts'
import { detailOf, matches } from '../../src/server/record-view.ts'

function record(given: Partial<InvocationRecord> = {}, body?: Uint8Array): InvocationRecord {
  const request = { method: 'GET', path: '/orders', query: 'a=1', headers: [], body }
  return Object.assign(new History().begin('http-api', request), given)
}

it('shows text as text and other bytes as base64', () => {
  expect(detailOf(record({}, Buffer.from('Zoë')), '').request.body).toEqual({ bytes: 4, shown: 4, text: 'Zoë' })
  expect(detailOf(record({}, Buffer.from([0xff, 0])), '').request.body).toEqual({ bytes: 2, shown: 2, base64: '/wA=' })
})

it('shows the beginning of a large body, whole characters only', () => {
  const { body } = detailOf(record({}, Buffer.from(`a${'é'.repeat(200_000)}`)), '').request
  expect([body.bytes, body.shown, body.text?.endsWith('é')]).toEqual([400_001, 262_144, true])
})

it('shows a compressed answer as what it stands for, and a broken one as it is', () => {
  const headers: [string, string][] = [['Content-Encoding', 'gzip']]
  const body = gzipSync('{"a":1}')
  expect(detailOf(record({ headers, body, bytes: body.length }), '').response.body).toMatchObject({ text: '{"a":1}' })
  expect(detailOf(record({ headers, body: Buffer.from('plain') }), '').response.body.text).toBe('plain')
})

it('finds words anywhere, kinds of status, warnings and errors', () => {
  const found = record({ status: 404, event: { headers: { 'x-tenant': 'Blue' } }, warnings: ['w'] })
  const finds = (query: string) => matches(found, query.split(' ').filter(Boolean))
  for (const query of ['', 'orders', '4xx', 'blue', 'x-tenant 4xx', 'warning', 'get', 'http-api']) {
    expect([query, finds(query)]).toEqual([query, true])
  }
  for (const query of ['5xx', 'red', 'blue 5xx', 'error']) expect([query, finds(query)]).toEqual([query, false])
  expect(matches(record({ error: { errorType: 'E', errorMessage: 'm' } }), ['error'])).toBe(true)
})
