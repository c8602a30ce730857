import { describe, expect, test } from 'vitest'
import request from '../src/client/client.ts'
import { parseSetCookie } from '../src/client/expect/cookie.ts'
import { parsePath } from '../src/client/expect/json-path.ts'

const BODY = { user: { name: 'ada', 'full name': 'Ada L' }, items: [{ id: 1 }, { id: 2 }], none: null }
const handler = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  cookies: ['sid=a%20b; Path=/; Max-Age=60; HttpOnly; SameSite=Lax', 'lang=de; Expires=Thu, 01 Jan 2026 00:00:00 GMT'],
  body: JSON.stringify(BODY),
})
const png = async () => ({
  statusCode: 200,
  headers: { 'content-type': 'image/png' },
  body: 'AQI=',
  isBase64Encoded: true,
})
const messageOf = (sent: PromiseLike<unknown>) =>
  Promise.resolve(sent).then(
    () => 'passed',
    (error: Error) => error.message,
  )

describe('expectCookie', () => {
  const get = () => request(handler).get('/')

  test('passes', async () => {
    await get()
      .expectCookie('sid')
      .expectCookie('sid', 'a b')
      .expectCookie('sid', /^a/)
      .expectCookie('sid', 'a b', { path: '/', httpOnly: true, maxAge: 60, SameSite: 'Lax', secure: false })
      .expectCookie('sid', { 'max-age': '60' })
      .expectCookie('sid', null, { path: /^\// })
      .expectCookie('lang', 'de', { expires: new Date('2026-01-01') })
  })

  test.each([
    ['missing', () => get().expectCookie('none'), 'expected cookie "none", got "sid", "lang"'],
    ['value', () => get().expectCookie('sid', 'x'), `expected cookie "sid" of 'x', got 'a b'`],
    ['pattern', () => get().expectCookie('sid', /x/), `expected cookie "sid" of /x/, got 'a b'`],
    [
      'attribute',
      () => get().expectCookie('sid', 'a b', { path: '/x' }),
      `expected cookie "sid" with path '/x', got '/'`,
    ],
    [
      'absent flag',
      () => get().expectCookie('sid', { secure: true }),
      'expected cookie "sid" with secure true, got undefined',
    ],
    [
      'present flag',
      () => get().expectCookie('sid', { httpOnly: false }),
      'expected cookie "sid" with httpOnly false, got true',
    ],
    ['no cookies', () => request(png).get('/').expectCookie('sid'), 'expected cookie "sid", got no cookies'],
  ])('fails: %s', async (_, build, message) => {
    expect(await messageOf(build())).toBe(message)
  })

  test('reads odd cookies', () => {
    expect(parseSetCookie('a="q"; secure')).toMatchObject({ name: 'a', value: 'q', attributes: { secure: true } })
    expect(parseSetCookie('a=%zz')).toMatchObject({ value: '%zz' })
    expect(parseSetCookie('a=b=c;PATH=/x')).toMatchObject({ value: 'b=c', attributes: { path: '/x' } })
    expect(parseSetCookie('bare')).toMatchObject({ name: 'bare', value: '' })
    expect(Object.keys(parseSetCookie('a=b; __proto__=x').attributes)).toEqual(['__proto__'])
  })
})

describe('expectJsonPath', () => {
  const get = () => request(handler).get('/')

  test('passes', async () => {
    await get()
      .expectJsonPath('user.name')
      .expectJsonPath('$.user.name', 'ada')
      .expectJsonPath("user['full name']", /^Ada/)
      .expectJsonPath('$.user["full name"]', 'Ada L')
      .expectJsonPath('items[1]', { id: 2 })
      .expectJsonPath('items[*].id', [1, 2])
      .expectJsonPath('$.none', null)
      .expectJsonPath('$', BODY)
      .expectJsonPath('items', (items: unknown[]) => expect(items).toHaveLength(2))
  })

  test.each([
    ['missing', () => get().expectJsonPath('user.age'), 'expected user.age in the body, which is {'],
    ['beyond', () => get().expectJsonPath('items[2]'), 'expected items[2] in the body'],
    ['inherited', () => get().expectJsonPath('user.constructor'), 'expected user.constructor in the body'],
    ['other value', () => get().expectJsonPath('user.name', 'bob'), `expected user.name to be 'bob', got 'ada'`],
    ['no match', () => get().expectJsonPath('user.name', /b/), `expected user.name to match /b/, got 'ada'`],
    ['own check', () => get().expectJsonPath('user.name', () => new Error('own')), 'own'],
  ])('fails: %s', async (_, build, message) => {
    expect(await messageOf(build())).toContain(message)
  })

  test('reads paths', () => {
    expect(parsePath('$')).toEqual([])
    expect(parsePath("a.b[0]['c.d'][*].e")).toEqual(['a', 'b', 0, 'c.d', '*', 'e'])
    expect(() => parsePath('a[')).toThrow('Cannot read the JSON path "a[" at "["')
    expect(() => request(handler).get('/').expectJsonPath('a..b')).toThrow(TypeError)
  })
})

describe('expectations of the Lambda side', () => {
  test('pass', async () => {
    await request(handler)
      .get('/')
      .expectResult({ statusCode: 200, headers: { 'content-type': /json/ } })
      .expectResult((result: { cookies: string[] }) => expect(result.cookies).toHaveLength(2))
      .expectBase64(false)
      .expectGateway('ok')
    await request(png).get('/').expectBase64()
  })

  test.each([
    [
      'result',
      () => request(png).get('/').expectResult({ statusCode: 201 }),
      'expected a result with { statusCode: 201 }, got {',
    ],
    [
      'own check',
      () =>
        request(png)
          .get('/')
          .expectResult(() => new Error('own')),
      'own',
    ],
    ['base64', () => request(handler).get('/').expectBase64(), 'expected a result in base64, got {'],
    ['no base64', () => request(png).get('/').expectBase64(false), 'expected a result without base64, got {'],
  ])('fail: %s', async (_, build, message) => {
    expect(await messageOf(build())).toContain(message)
  })

  test('.expectGateway takes ok only', () => {
    expect(() =>
      request(png)
        .get('/')
        .expectGateway('fine' as never),
    ).toThrow(".expectGateway() takes 'ok', not fine")
  })
})
