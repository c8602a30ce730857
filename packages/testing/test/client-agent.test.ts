import superagent from 'superagent'
import { describe, expect, test } from 'vitest'
import { agent, CookieJar } from '../src/client/client.ts'
import type { WireResponse } from '../src/wire.ts'

const answer = (...cookies: string[]): WireResponse => ({
  status: 200,
  statusText: '',
  headers: cookies.map((cookie) => ['Set-Cookie', cookie]),
  body: new Uint8Array(),
  warnings: [],
})
const handler = async (event: { cookies?: string[]; rawPath: string }) => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  cookies: event.rawPath === '/set' ? ['a=1', 'secret=2; Secure; HttpOnly', 'old=3; Max-Age=0'] : [],
  body: (event.cookies ?? []).join('; '),
})

describe('an agent', () => {
  test('keeps cookies as the browser of an HTTPS gateway does', async () => {
    const client = agent(handler)
    await client.get('/').expect('')
    await client.get('/set')
    await client.get('/').expect('a=1; secret=2')
    await client.get('/').via('url').expect('a=1; secret=2')
    await client.get('/').domain('other.test').expect('')
    await client.get('/').gatewayOptions({ protocol: 'http' }).expect('a=1')
  })

  test('lets a test look into its jar and fill it', async () => {
    const client = agent(handler)
    client.jar.setCookie('given=1; Path=/')
    client.jar.setCookie('else=1', 'https://other.test/')
    await client.get('/').expect('given=1')
    await client.get('/set')
    const names = (await client.jar.cookies('https://api.example.com/')).map(({ name, value }) => `${name}=${value}`)
    expect(names).toEqual(['given=1', 'a=1', 'secret=2'])
    expect(await client.jar.cookies('https://other.test/')).toMatchObject([{ name: 'else', domain: 'other.test' }])
    client.jar.clear()
    await client.get('/').expect('')
  })

  test('has a jar with the methods of cookiejar', async () => {
    const client = agent(handler)
    client.jar.setCookies(['given=1; Path=/', 'else=1'], 'other.test', '/x')
    client.jar.setCookie('loose=1')
    expect(client.jar.getCookie('loose')?.value).toBe('1')
    await client.get('/set')
    const access = { domain: 'api.example.com', path: '/', secure: true }
    expect(client.jar.getCookie('secret', access)).toMatchObject({ value: '2', domain: 'api.example.com', path: '/' })
    expect(client.jar.getCookie('secret', { ...access, secure: false })).toBeUndefined()
    const names = (found: { name: string }[]) => found.map(({ name }) => name).sort()
    expect(names(client.jar.getCookies(access))).toEqual(['a', 'loose', 'secret'])
    expect(names(client.jar.getCookies())).toEqual(['a', 'else', 'given', 'loose', 'secret'])
    expect(client.jar.getCookies({ domain: 'none.test' })).toEqual([])
  })

  test("has a jar that returns what superagent's returns", () => {
    const calls = (jar: Pick<CookieJar, 'setCookie' | 'setCookies' | 'getCookies'>) => {
      // Shown at once: cookiejar returns its own list, which later calls change.
      const shown = (value: unknown): unknown => (Array.isArray(value) ? value.map(shown) : value && String(value))
      const gone = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'
      const returned = [
        shown(jar.setCookie('a=1', 'api.test', '/x')),
        shown(jar.setCookie('a=2; Path=/x', 'api.test', '/')),
        shown(jar.setCookie('b=1; Domain=api.test; Secure; HttpOnly', 'sub.api.test')),
        shown(jar.setCookie('bare=1')),
        shown(jar.setCookie(`gone=1; ${gone}`, 'api.test', '/')),
        shown(jar.setCookie(`b=; Domain=api.test; ${gone}`, 'api.test')),
        shown(jar.setCookies(['c=1', 'd=2; Path=/d', `e=; ${gone}`], 'api.test', '/')),
        shown(jar.setCookies('f=1; Path=/f:g=2', 'api.test', '/')),
      ]
      const found = jar.getCookies({ domain: 'api.test', path: '/x/y', secure: true })
      return { returned, found: found.map((cookie) => cookie.toValueString()).sort() }
    }
    // The types of superagent name its jar's package, which is not a dependency here.
    expect(calls(agent(handler).jar)).toEqual(calls(superagent.agent().jar as never))
    expect(agent(handler).jar.setCookie('')).toBe(false)
  })

  test('joins its cookies with those of one request', async () => {
    const client = agent(handler)
    await client.get('/set')
    await client.get('/').set('Cookie', 'b=2; a=own').expect('b=2; a=1; secret=2')
    await client.get('/').set('Cookie', ['b=2', 'c=3']).expect('b=2; c=3; a=1; secret=2')
    await client.get('/').set('Cookie', 'b=2;a=own').expect('b=2; a=1; secret=2')
  })

  test('has every verb, and query for parameters', async () => {
    const client = agent(handler).query({ a: 1 })
    const methods = ['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'propfind', 'm-search'] as const
    expect(methods.map((method) => client[method]('/').method)).toEqual([
      'GET',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'DELETE',
      'HEAD',
      'OPTIONS',
      'PROPFIND',
      'M-SEARCH',
    ])
    expect((await client.get('/x')).event.rawQueryString).toBe('a=1')
    expect(client.request('lock', '/').method).toBe('LOCK')
  })

  test('listeners that listen once do so for each request', async () => {
    let heard = 0
    const client = agent(handler).once('response', () => heard++)
    await client.get('/')
    await client.get('/')
    expect(heard).toBe(2)
  })

  test('settings of one request stay with it', async () => {
    const client = agent(handler).set('A', '1').timeout({ response: 1000 })
    const first = client.get('/').set('B', '2').query({ q: 1 }).timeout(5)
    const second = client.get('/')
    expect(first.header).toEqual({ A: '1', B: '2' })
    expect(second.header).toEqual({ A: '1' })
    expect((await second).event.rawQueryString).toBe('')
  })
})

describe('a cookie jar', () => {
  test.each([
    ['another host', 'a=1', 'https://other.test/', ''],
    ['the host', 'a=1', 'https://api.test/x', 'a=1'],
    ['a subdomain of a host-only cookie', 'a=1', 'https://sub.api.test/', ''],
    ['a subdomain of a domain cookie', 'a=1; Domain=api.test', 'https://sub.api.test/', 'a=1'],
    ['a path within', 'a=1; Path=/x', 'https://api.test/x/y', 'a=1'],
    ['a path beside', 'a=1; Path=/x', 'https://api.test/xy', ''],
    ['plain HTTP of a secure cookie', 'a=1; Secure', 'http://api.test/', ''],
    ['a foreign domain', 'a=1; Domain=other.test', 'https://other.test/', ''],
    ['one that has expired', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'https://api.test/', ''],
    ['a malformed line', '', 'https://api.test/', ''],
  ])('sends or withholds: %s', async (_, cookie, url, expected) => {
    const jar = new CookieJar()
    await jar.save(answer(cookie), 'https://api.test/login')
    expect(await jar.cookiesFor(url)).toBe(expected)
  })

  test('a new value takes the place of the old', async () => {
    const jar = new CookieJar()
    await jar.save(answer('a=1', 'b=1'), 'https://api.test/')
    await jar.save(answer('a=2', 'b=; Max-Age=0'), 'https://api.test/')
    expect(await jar.cookiesFor('https://api.test/')).toBe('a=2')
  })
})
