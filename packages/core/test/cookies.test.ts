import request from '@expressway/testing'
import { describe, expect, it } from 'vitest'
import { type CookieOptions, createApp } from '../src/index.ts'

const cookiesOf = async (cookie: string): Promise<unknown> => {
  const app = createApp().get('/', (req) => req.cookies)
  const event = { requestContext: { elb: {} }, httpMethod: 'GET', path: '/', headers: { cookie } }
  return JSON.parse(((await app.handler(event, {})) as { body: string }).body)
}

const set = (name: string, options: CookieOptions = {}, value = 'v') => {
  const app = createApp({ debug: true, logger: { error() {} } })
  app.get('/', (_req, res) => res.cookie(name, value, options).text('x'))
  return request(app).get('/')
}

describe('names of cookies', () => {
  // Every code point that String.prototype.trim removes, and those that look like space besides.
  const spaces = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).filter(
    (char) => /\s/.test(char) || '\u0085\u180e\u200b'.includes(char),
  )

  it.each(spaces.map((char) => [`U+${char.charCodeAt(0).toString(16).padStart(4, '0')}`, char]))(
    '%s before __Host-sid is part of the name, unless it is SP or HTAB',
    async (_name, char) => {
      const optional = char === ' ' || char === '\t'
      expect(await cookiesOf(`a=1;${char}__Host-sid=evil`)).toEqual({
        a: '1',
        [optional ? '__Host-sid' : `${char}__Host-sid`]: 'evil',
      })
      expect(await cookiesOf(`__Host-sid${char}=${char}evil${char}`)).toEqual(
        optional ? { '__Host-sid': 'evil' } : { [`__Host-sid${char}`]: `${char}evil${char}` },
      )
    },
  )
})

describe('a cookie that browsers would refuse is an error that says why', () => {
  it.each([
    ['sameSite is none of its values', 'a', { sameSite: 'none; Domain=evil.example' as 'none' }, 'sameSite'],
    ['sameSite is in another case', 'a', { sameSite: 'Lax' as 'lax' }, 'sameSite'],
    ['priority is none of its values', 'a', { priority: 'high; Secure' as 'high' }, 'priority'],
    ['__Secure- without secure', '__Secure-a', {}, 'its prefix needs secure: true'],
    ['__secure- in another case', '__sEcUrE-a', {}, 'its prefix needs secure: true'],
    ['__Host- without secure', '__Host-a', {}, 'its prefix needs secure: true'],
    ['__Host- with a domain', '__Host-a', { secure: true, domain: 'a.example' }, 'allows no domain'],
    ['__Host- with a path', '__HOST-a', { secure: true, path: '/a' }, "needs path: '/'"],
    ['SameSite=None without secure', 'a', { sameSite: 'none' }, "sameSite: 'none' needs secure: true"],
    ['Partitioned without secure', 'a', { partitioned: true }, 'partitioned: true needs secure: true'],
  ] as [string, string, CookieOptions, string][])('%s', async (_name, name, options, message) => {
    const res = await set(name, options).expect(500)
    expect(res.body.message).toMatch(/^TypeError/)
    expect(res.body.message).toContain(message)
    expect(res.headers).not.toHaveProperty('set-cookie')
  })

  it('what they take is set', async () => {
    const res = await set('__Host-a', { secure: true, sameSite: 'none', partitioned: true, priority: 'high' }).expect(
      200,
    )
    expect(res.headers['set-cookie']).toEqual(['__Host-a=v; Path=/; Secure; SameSite=None; Priority=High; Partitioned'])
    await set('__Secure-a', { secure: true, domain: 'a.example', path: '/a' }).expect(200)
  })

  it('a cookie can be cleared by the attributes that it was set with', async () => {
    const app = createApp().get('/', (_req, res) => res.clearCookie('__Host-a', { secure: true }).text('x'))
    const res = await request(app).get('/').expect(200)
    expect(res.headers['set-cookie']).toEqual(['__Host-a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure'])
  })
})
