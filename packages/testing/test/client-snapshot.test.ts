import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import request from '../src/client/client.ts'
import { redact, responseSerializer } from '../src/vitest.ts'

const order = (id: string, at: Date) => ({
  statusCode: 201,
  headers: { 'content-type': 'application/json', etag: `"${id}"`, date: at.toUTCString(), 'x-request-id': `r-${id}` },
  cookies: [`order=${id}; Expires=${at.toUTCString()}`],
  body: JSON.stringify({
    id,
    number: 7,
    createdAt: at.toISOString(),
    updated_at: at.getTime(),
    lines: [{ orderId: id, sku: 'a-1', traceId: `Root=1-5759e988-${'b'.repeat(24)}` }],
    text: `order ${id} of ${at.toISOString()}`,
  }),
})
const handler = async () => order(randomUUID(), new Date())

test('a response is shown without what differs in each run', async () => {
  const response = await request(handler).get('/')
  expect(response).toMatchInlineSnapshot(`
    HTTP 201
    content-length: <of the body>
    content-type: application/json
    date: <date>
    etag: <of the body>
    set-cookie: order=<uuid 1>; Expires=<date>
    x-request-id: <id>

    {
      "createdAt": "<date>",
      "id": "<uuid 1>",
      "lines": [
        {
          "orderId": "<uuid 1>",
          "sku": "a-1",
          "traceId": "<trace id 1>",
        },
      ],
      "number": 7,
      "text": "order <uuid 1> of <date>",
      "updated_at": "<date>",
    }
  `)
})

test('what is the same in each run stays', async () => {
  const plain = async () => ({
    statusCode: 200,
    headers: { 'content-type': 'text/plain', etag: '"1"' },
    body: 'three\nlines\nof text',
  })
  expect(await request(plain).get('/')).toMatchInlineSnapshot(`
    HTTP 200
    content-length: 19
    content-type: text/plain
    etag: "1"

    three
    lines
    of text
  `)
  const bytes = async () => ({
    statusCode: 200,
    headers: { 'content-type': 'image/png' },
    body: 'AAEC',
    isBase64Encoded: true,
  })
  expect({ of: await request(bytes).get('/') }).toMatchInlineSnapshot(`
    {
      "of": HTTP 200
      content-length: 3
      content-type: image/png

      3 bytes,
    }
  `)
  expect(await request(async () => ({ statusCode: 204 })).get('/')).toMatchInlineSnapshot(`
    HTTP 204
    content-type: text/plain; charset=utf-8
  `)
})

describe('redact', () => {
  test.each<[string, unknown, unknown]>([
    ['an ISO date', '2025-01-02T03:04:05.678Z', '<date>'],
    ['one with an offset', 'at 2025-01-02T03:04:05+01:00.', 'at <date>.'],
    ['an HTTP date', 'Thu, 02 Jan 2025 03:04:05 GMT', '<date>'],
    ['a Date', new Date(), '<date>'],
    ['seconds under a name of a time', { exp: 1_735_786_800 }, { exp: '<date>' }],
    ['a plain number', { count: 1_735_786_800, paidAt: 5 }, { count: 1_735_786_800, paidAt: 5 }],
    ['a day, which a test has chosen', '2025-01-02', '2025-01-02'],
    ['a ULID', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '<ulid 1>'],
    ['an ObjectId', '507f1f77bcf86cd799439011', '<object id 1>'],
    ['what is neither', ['a', 1, null, undefined, true], ['a', 1, null, undefined, true]],
  ])('%s', (_, value, expected) => {
    expect(redact(value)).toEqual(expected)
  })

  test('numbers ids in the order of their coming, the same one by the same number', () => {
    const [a, b] = [randomUUID(), randomUUID()]
    expect(redact([a, b, a.toUpperCase()])).toEqual(['<uuid 1>', '<uuid 2>', '<uuid 1>'])
  })

  test('takes names and patterns of its own', () => {
    const options = { names: ['orderNumber'], patterns: { invoice: /INV-\d+/g } }
    expect(redact({ orderNumber: 17, ref: 'see INV-2025', of: [{ orderNumber: 17 }] }, options)).toEqual({
      orderNumber: '<orderNumber 1>',
      ref: 'see <invoice 1>',
      of: [{ orderNumber: '<orderNumber 1>' }],
    })
  })

  test('leaves the value itself as it is', () => {
    const value = { id: randomUUID() }
    redact(value)
    expect(value.id).toHaveLength(36)
  })

  test('is no prototype pollution', () => {
    const value = JSON.parse('{"__proto__":{"a":1}}')
    expect(Object.keys(redact(value))).toEqual(['__proto__'])
  })
})

test('a serializer takes responses only', () => {
  expect(responseSerializer().test({ status: 200 })).toBe(false)
})
