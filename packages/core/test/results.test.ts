import request from '@expressway/testing'
import { Big } from 'big.js'
import { Decimal } from 'decimal.js'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { allowLog } from '../../../test/expect-log.ts'
import { type AppOptions, createApp, reply } from '../src/index.ts'

// Warned of once in a process, see stream-warning.test.ts.
beforeEach(() => allowLog(/a streamed body was collected/))

const get = (result: () => unknown, options: AppOptions = {}) => {
  const app = createApp(options)
  app.get('/', () => result())
  return request(app).get('/')
}

describe('a returned value becomes the answer', () => {
  it.each([
    ['an object', { a: 1 }, '{"a":1}'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['an array', [1, 2], '[1,2]'],
    ['an array of three that is no tuple', [200, 'a', 'b'], '[200,"a","b"]'],
    ['a number', 1.5, '1.5'],
    ['a boolean', false, 'false'],
    ['null', null, 'null'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['a BigInt, as a string', { n: 2n ** 64n }, '{"n":"18446744073709551616"}'],
    [
      'a Decimal of decimal.js, as a string',
      { d: new Decimal('0.10000000000000000001') },
      '{"d":"0.10000000000000000001"}',
    ],
    ['a Big of big.js, as a string', { d: new Big('100.01') }, '{"d":"100.01"}'],
    [
      'an object with a statusCode among other members',
      { statusCode: 404, message: 'x' },
      '{"statusCode":404,"message":"x"}',
    ],
    ['a Decimal that is no number', { d: new Decimal(Number.NaN) }, '{"d":"NaN"}'],
  ])('%s: JSON', async (_name, value, text) => {
    const res = await get(() => value)
      .expect(200)
      .expect('content-type', 'application/json')
    expect(res.text).toBe(text)
  })

  it('a string: text', () =>
    get(() => 'é')
      .expect(200, 'é')
      .expect('content-type', 'text/plain; charset=utf-8'))

  it('bytes: as they are', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    for (const value of [bytes, Buffer.from(bytes), bytes.buffer, new DataView(bytes.buffer)]) {
      const res = await get(() => value).expect('content-type', 'application/octet-stream')
      expect(Buffer.from(res.body)).toEqual(Buffer.from(bytes))
    }
  })

  it('[status, contentType, body]', () =>
    get(() => [201, 'text/html', '<p>'])
      .expect(201, '<p>')
      .expect('content-type', 'text/html'))

  it('[status, contentType, object]: as JSON', () =>
    get(() => [422, 'application/vnd.api+json', { errors: [] }]).expect(422, '{"errors":[]}'))

  it('reply(): status, headers, cookies and body', async () => {
    const res = await get(() =>
      reply({
        status: 201,
        headers: { location: '/orders/7', 'x-none': undefined, 'x-list': ['a', 'b'] },
        cookies: [
          { name: 'a', value: '1 2', httpOnly: true },
          { name: 'b', value: '2', maxAge: 0 },
        ],
        body: { id: 7 },
      }),
    ).expect(201, { id: 7 })
    expect(res.headers['location']).toBe('/orders/7')
    expect(res.headers['x-list']).toBe('a, b')
    expect(res.headers['x-none']).toBeUndefined()
    expect(res.headers['set-cookie']).toEqual(['a=1%202; Path=/; HttpOnly', 'b=2; Path=/; Max-Age=0'])
  })

  it("reply(): a header's content type goes before contentType", () =>
    get(() => reply({ contentType: 'text/plain', headers: { 'Content-Type': 'text/css' }, body: 'a{}' })).expect(
      'content-type',
      'text/css',
    ))

  it('reply() without a body: none', () => get(() => reply({ status: 202 })).expect(202, ''))

  it("the web's Response, with both its cookies", async () => {
    const res = await get(() => {
      const web = new Response('{"a":1}', { status: 203, headers: { 'content-type': 'application/json' } })
      web.headers.append('set-cookie', 'a=1; Expires=Wed, 09 Jun 2100 10:18:14 GMT')
      web.headers.append('set-cookie', 'b=2')
      return web
    }).expect(203, { a: 1 })
    expect(res.headers['set-cookie']).toEqual(['a=1; Expires=Wed, 09 Jun 2100 10:18:14 GMT', 'b=2'])
  })

  it('a Node stream, a web stream and an async generator', async () => {
    const { Readable } = await import('node:stream')
    const values = [
      () => Readable.from([Buffer.from([0, 255]), Buffer.from([254])]),
      () => new Blob([Uint8Array.of(0, 255, 254)]).stream(),
      async function* () {
        yield Uint8Array.of(0, 255)
        yield Uint8Array.of(254)
      },
    ]
    for (const value of values) {
      const res = await get(() => value()).expect(200)
      expect(Buffer.from(res.body)).toEqual(Buffer.from([0, 255, 254]))
    }
  })

  it('reply({ body }) without a type: the type of the same value returned by itself', async () => {
    await get(() => reply({ body: 'text' }))
      .expect(200, 'text')
      .expect('content-type', 'text/plain; charset=utf-8')
    await get(() => reply({ body: Buffer.from([255]) })).expect('content-type', 'application/octet-stream')
    await get(() => reply({ body: [200, 'text/html', '<p>'] }))
      .expect(200, [200, 'text/html', '<p>'])
      .expect('content-type', 'application/json')
    await get(() => reply({ headers: { 'content-type': 'text/css' }, body: 'a{}' })).expect('content-type', 'text/css')
  })

  it('an object like a Lambda proxy result: JSON, and a warning that names the route and the way', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const result = { statusCode: 403, headers: { location: '/' }, body: 'no' }
    for (let i = 0; i < 2; i++)
      await get(() => result)
        .expect(200, result)
        .expect('content-type', 'application/json')
    expect(warn).toHaveBeenCalledOnce()
    expect(warn.mock.calls[0]?.[0]).toContain('GET / returned an object with statusCode')
    expect(warn.mock.calls[0]?.[0]).toContain('fromLambdaHandler()')
    warn.mockRestore()
  })

  it('nothing, after res was written', async () => {
    const app = createApp()
    app.get('/json', (_req, res) => void res.status(201).set('x-a', 1).json({ a: 1 }))
    app.get('/status', (_req, res) => void res.status(204))
    app.get('/redirect', (_req, res) => res.redirect('/é?x=%20'))
    await request(app).get('/json').expect(201, { a: 1 }).expect('x-a', '1')
    await request(app).get('/status').expect(204, '')
    await request(app).get('/redirect').expect(302, '').expect('location', '/%C3%A9?x=%20')
  })
})

describe('a value that is no answer is an error that names the route', () => {
  it.each([
    ['a function', () => () => 1, 'GET / returned a function'],
    ['a symbol', () => Symbol('x'), 'GET / returned a symbol'],
    ['an Error', () => new Error('x'), 'GET / returned an Error: throw it instead'],
    ['nothing, with nothing written', () => undefined, 'GET /: the handler returned nothing and wrote nothing to res'],
  ])('%s', async (_name, result, message) => {
    const logger = { error: vi.fn() }
    await get(result, { logger }).expect(500, { statusCode: 500, message: 'Internal server error' })
    expect(logger.error).toHaveBeenCalledOnce()
    expect(String(logger.error.mock.calls[0]?.[1])).toContain(message)
  })

  it('a cycle', async () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const logger = { error: vi.fn() }
    await get(() => cycle, { logger }).expect(500)
    expect(String(logger.error.mock.calls[0]?.[1])).toContain('circular')
  })
})

describe('a Map or a Set in an answer, of which JSON makes {}', () => {
  const value = { list: [{ tags: new Set(['a']) }] }

  it('is an error in debug', async () => {
    const logger = { error: vi.fn() }
    const res = await get(() => value, { debug: true, logger }).expect(500)
    expect(res.body.message).toContain('an answer has a Map or a Set in it')
    await get(() => new Map(), { debug: true, logger }).expect(500)
    expect(logger.error).toHaveBeenCalledTimes(2)
    await get(() => ({ a: {}, b: new Date(0) }), { debug: true }).expect(200)
  })

  it('is a warning, once, otherwise', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    for (let i = 0; i < 3; i++) await get(() => value).expect(200, { list: [{ tags: {} }] })
    expect(warn.mock.calls.flat()).toEqual([expect.stringContaining('use Object.fromEntries(map) or [...set]')])
    warn.mockRestore()
  })

  it('is nothing to say of where it writes itself', async () => {
    const own = Object.assign(new Map([['a', 1]]), { toJSON: () => ({}) })
    await get(() => ({ own, empty: {} }), { debug: true }).expect(200, { own: {}, empty: {} })
  })
})

describe('JSON', () => {
  it('writes BigInt as a number with all its digits, by option', () =>
    get(() => ({ n: 2n ** 64n, list: [1n] }), { json: { bigint: 'number' } }).expect(
      200,
      '{"n":18446744073709551616,"list":[1]}',
    ))

  it('takes a serializer', () =>
    get(() => new Set([1, 2]), { json: { stringify: (value) => JSON.stringify([...(value as Set<number>)]) } }).expect(
      200,
      '[1,2]',
    ))
})
