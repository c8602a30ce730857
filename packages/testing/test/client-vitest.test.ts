import { describe, expect, test } from 'vitest'
import request from '../src/client/client.ts'
import '../src/vitest.ts'

const handler = async () => ({
  statusCode: 201,
  headers: { 'Content-Type': 'application/json', Location: '/orders/1' },
  cookies: ['sid=abc; Path=/; HttpOnly', 'lang=de'],
  body: JSON.stringify({ id: 1, at: '2025-01-01' }),
})
const moved = async () => ({ statusCode: 303, headers: { location: '/new' } })

const failing = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('It did not fail')
}

describe('matchers on a response', () => {
  test('hold where they should', async () => {
    const response = await request(handler).post('/orders')
    expect(response).toHaveStatus(201)
    expect(response).toHaveStatus([200, 201])
    expect(response).toHaveHeader('content-TYPE')
    expect(response).toHaveHeader('Location', '/orders/1')
    expect(response).toHaveHeader('Set-Cookie', /^lang=/)
    expect(response).toHaveJson({ id: expect.any(Number), at: '2025-01-01' })
    expect(response).toHaveText(/"id":1/)
    expect(response).toHaveCookie('sid', 'abc', { httpOnly: true, path: '/' })
    expect(response).toPassGateway()
    expect(await request(moved).get('/old')).toRedirect('/new')
  })

  test('hold for their opposites', async () => {
    const response = await request(handler).post('/orders')
    expect(response).not.toHaveStatus(200)
    expect(response).not.toHaveHeader('x-none')
    expect(response).not.toHaveJson({ id: 2 })
    expect(response).not.toHaveText('other')
    expect(response).not.toHaveCookie('theme')
    expect(response).not.toRedirect()
  })

  test('say what they got', async () => {
    const response = await request(handler).post('/orders')
    const body = '{"id":1,"at":"2025-01-01"}'
    expect(failing(() => expect(response).toHaveStatus(200))).toBe(
      `expected the response to have status 200, got 201 with the body '${body}'`,
    )
    expect(failing(() => expect(response).not.toHaveStatus(201))).toContain('not to have status 201')
    expect(failing(() => expect(response).toHaveHeader('x-none', 'a'))).toBe(
      "expected the response to have a header 'x-none' of 'a', got undefined",
    )
    expect(failing(() => expect(response).toHaveJson({ id: 2 }))).toContain('to have the JSON { id: 2 }')
    expect(failing(() => expect(response).toHaveText('x'))).toContain(`got '${body}'`)
    expect(failing(() => expect(response).toHaveCookie('sid', 'xyz'))).toBe(
      "expected cookie \"sid\" of 'xyz', got 'abc'",
    )
    expect(failing(() => expect(response).not.toHaveCookie('sid'))).toContain("not to set the cookie 'sid'")
    expect(failing(() => expect(response).toRedirect())).toBe(
      "expected the response to redirect, got 201, location '/orders/1'",
    )
  })

  test('a gateway warning shows', async () => {
    const broken = async () => ({ statusCode: 'two hundred', body: 1 })
    const response = await request(broken).get('/').via('rest')
    expect(failing(() => expect(response).toPassGateway())).toContain(
      'to pass the rest-api gateway as it is, got \n  - ',
    )
  })
})

describe('matchers on a raw result', () => {
  test('of any gateway', async () => {
    expect(await handler()).toHaveStatus(201)
    expect(await handler()).toHaveCookie('lang', 'de')
    const multi = {
      statusCode: 200,
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'aGk=',
      isBase64Encoded: true,
    }
    expect(multi).toHaveHeader('set-cookie', 'b=2')
    expect(multi).toHaveText('hi')
  })

  test('refuse what is no answer', () => {
    expect(() => expect('text').toHaveStatus(200)).toThrow(TypeError)
    expect(() => expect(null).toHaveStatus(200)).toThrow('neither a response nor a Lambda result')
    expect(() => expect({ statusCode: 200 }).toPassGateway()).toThrow('No gateway took part')
  })

  test('not JSON says so', () => {
    const result = { statusCode: 200, headers: {}, body: '<html>' }
    expect(failing(() => expect(result).toHaveJson({}))).toContain("a body that is not JSON: '<html>'")
  })
})
