import { describe, expect, it } from 'vitest'
import { answer, failure, lines, settle, text, timeout, value } from './gateways-support.ts'

describe.each(['alb', 'alb-multi-value'] as const)('%s', (name) => {
  const map = name === 'alb' ? 'headers' : 'multiValueHeaders'
  const other = name === 'alb' ? 'multiValueHeaders' : 'headers'
  const values = (record: Record<string, unknown>) =>
    name === 'alb' ? record : Object.fromEntries(Object.entries(record).map(([key, each]) => [key, [each]]))
  const read = (result: unknown, request = {}) => answer(name, result, request)

  it('answers with its own page for a failure, a function that was stopped and its own time-out', () => {
    const response = settle(name, failure)
    expect(response.status).toBe(502)
    expect(text(response)).toContain('<title>502 Bad Gateway</title>')
    expect(value(response, 'content-type')).toBe('text/html')
    expect(settle(name, timeout('function')).status).toBe(502)
    expect(settle(name, timeout('gateway')).status).toBe(504)
  })

  it.each([
    ['text', 'hello'],
    ['no status', { body: 'x' }],
    ['a body that is an object', { statusCode: 200, body: {} }],
    ['wrong base64', { statusCode: 200, body: '%', isBase64Encoded: true }],
    ['more than 1 MB', { statusCode: 200, body: 'x'.repeat(1024 * 1024) }],
  ])('refuses %s with a sentence', (_what, result) => {
    expect(read(result)).toMatchObject({ status: 502, warnings: [expect.any(String)] })
  })

  it('refuses a number among the header values', () => {
    const response = read({ statusCode: 200, [map]: values({ a: 5 }) })
    expect(response).toMatchObject({ status: 502, warnings: [expect.stringContaining('Header "a" is a number')] })
  })

  it(`reads ${map} only, and warns of what only ${other} has`, () => {
    const result = { statusCode: 200, headers: { a: '1' }, multiValueHeaders: { b: ['2'] } }
    const response = read(result)
    expect(lines(response, 'a')).toHaveLength(name === 'alb' ? 1 : 0)
    expect(lines(response, 'b')).toHaveLength(name === 'alb' ? 0 : 1)
    expect(response.warnings).toEqual([expect.stringContaining(`${other} is ignored`)])
    expect(read({ statusCode: 200, headers: { a: '1' }, multiValueHeaders: { A: ['1'] } }).warnings).toEqual([])
  })

  it('takes the reason from the status description', () => {
    expect(read({ statusCode: 200, statusDescription: '200 Fine' }).statusText).toBe('Fine')
    expect(read({ statusCode: 404 }).statusText).toBe('Not Found')
  })

  it('decodes base64, counts the length and drops what is between two hops', () => {
    const headers = values({ connection: 'close', 'transfer-encoding': 'chunked', x: 'y' })
    const response = read({ statusCode: 200, [map]: headers, body: 'AP/+', isBase64Encoded: true })
    expect(response.body).toEqual(Buffer.from([0, 255, 254]))
    expect(response.headers).toEqual([
      ['x', 'y'],
      ['content-length', '3'],
    ])
  })

  it('warns of cookies in an array of their own, or in one line', () => {
    expect(read({ statusCode: 200, cookies: ['a=1'] }).warnings).toEqual([
      expect.stringContaining('cookies is ignored'),
    ])
    const joined = read({ statusCode: 200, [map]: values({ 'set-cookie': 'a=1, b=2' }) })
    expect(joined.warnings).toEqual([expect.stringContaining('a browser reads only the first')])
  })
})

describe('ALB', () => {
  it('sends several cookies that are spelled differently', () => {
    const response = answer('alb', { statusCode: 200, headers: { 'set-cookie': 'a=1', 'Set-Cookie': 'b=2' } })
    expect(lines(response, 'set-cookie').map(([, cookie]) => cookie)).toEqual(['a=1', 'b=2'])
    expect(response.warnings).toEqual([])
  })

  it('refuses a list in the single-value map, and text in the other', () => {
    expect(answer('alb', { statusCode: 200, headers: { 'set-cookie': ['a=1', 'b=2'] } }).status).toBe(502)
    expect(answer('alb-multi-value', { statusCode: 200, multiValueHeaders: { a: '1' } }).status).toBe(502)
  })
})

describe.each(['vpc-lattice', 'vpc-lattice-v1'] as const)('%s', (name) => {
  it('takes a value or a list for each header', () => {
    const response = answer(name, { statusCode: 200, headers: { a: '1', 'set-cookie': ['a=1', 'b=2'] }, body: 'x' })
    expect(response.headers).toEqual([
      ['a', '1'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['content-length', '1'],
    ])
  })

  it('decodes base64 and takes a status description', () => {
    const response = answer(name, {
      statusCode: 200,
      statusDescription: '200 Fine',
      body: 'AP/+',
      isBase64Encoded: true,
    })
    expect(response).toMatchObject({ body: Buffer.from([0, 255, 254]), statusText: 'Fine' })
  })

  it('answers 502 for a failure or a result that is none, 504 where it stops waiting', () => {
    expect(settle(name, failure).status).toBe(502)
    expect(answer(name, 'x').status).toBe(502)
    expect(answer(name, {}).status).toBe(502)
    expect(answer(name, { statusCode: 200, headers: { a: 1 } }).status).toBe(502)
    expect(settle(name, timeout('gateway')).status).toBe(504)
  })

  it('warns of keys that it does not read, and of cookies in one line', () => {
    const result = { statusCode: 200, headers: { 'set-cookie': 'a=1, b=2' }, cookies: ['c=3'] }
    expect(answer(name, result).warnings).toHaveLength(2)
  })
})
