import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import qs from 'qs'
import { describe, expect, test } from 'vitest'
import request from '../src/client/client.ts'
import { toLines, toResponseHeaders } from '../src/client/http/header-fields.ts'
import { linksOf, parametersOf, toMediaType } from '../src/client/http/media-type.ts'
import { stringifyQuery } from '../src/client/http/query-string.ts'
import { stringifyJson } from '../src/client/request/body.ts'
import { toTarget } from '../src/client/request/wire-request.ts'
import { parseMultipart } from '../src/client/response/parsers/multipart.ts'

describe('query strings', () => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.boolean(),
    fc.double(),
    fc.constant(null),
    fc.constant(undefined),
  )
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.string(), scalar, { maxKeys: 2 }))

  test('are what qs writes without indices', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ unit: 'grapheme' }), value, { maxKeys: 4 }), async (params) => {
        expect(await stringifyQuery(params)).toBe(qs.stringify(params, { indices: false, strictNullHandling: true }))
      }),
      { numRuns: 300 },
    )
  })

  test('with half a surrogate pair', async () => {
    const params = { a: '\ud800' }
    expect(await stringifyQuery(params)).toBe(qs.stringify(params, { indices: false, strictNullHandling: true }))
  })
})

describe('request targets', () => {
  test('are what a URL makes of them, but for dot segments', () => {
    const segment = fc
      .string({ unit: 'grapheme', maxLength: 8 })
      .filter((text) => !/^(\.|%2e){1,2}$|[\\#?\t\n\r/]/i.test(text.trim()))
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.string({ maxLength: 8 }), (segments, query) => {
        const path = `/x/${segments.join('/')}/x?${query.replaceAll('#', '')}`
        const url = new URL(`http://host${path}`)
        expect(toTarget(path)).toBe(url.pathname + url.search)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['', '/'],
    ['?a=1', '/?a=1'],
    ['/a/../b', '/a/../b'],
    ['/a/%2E%2e/b', '/a/%2E%2e/b'],
    ['//a', '//a'],
    ['/ /a', '/%20/a'],
    ['/a ?b', '/a%20?b'],
    ['/a ', '/a'],
    ['/a#b?c', '/a'],
    ["/a?b='", '/a?b=%27'],
  ])('%s is %s', (given, expected) => {
    expect(toTarget(given)).toBe(expected)
  })
})

describe('header fields', () => {
  test('are joined as Node joins them', () => {
    const lines: [string, string][] = [
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['X-Many', 'one'],
      ['x-many', 'two'],
      ['Content-Type', 'first'],
      ['Content-Type', 'second'],
      ['Cookie', 'a=1'],
      ['Cookie', 'b=2'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]
    const headers = toResponseHeaders(lines)
    expect(Object.entries(headers)).toEqual([
      ['set-cookie', ['a=1', 'b=2']],
      ['x-many', 'one, two'],
      ['content-type', 'first'],
      ['cookie', 'a=1; b=2'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    expect(Object.hasOwn(toResponseHeaders([]), 'constructor')).toBe(false)
  })

  test('with prototype names do not confuse a response', async () => {
    const handler = async () => ({
      statusCode: 200,
      headers: { 'content-type': 'text/plain; constructor=x; __proto__=y' },
    })
    const response = await request(handler).get('/')
    expect(response.get('constructor')).toBeUndefined()
    expect(Object.getPrototypeOf(response)).toBe(Object.getPrototypeOf(await request(handler).get('/')))
  })

  test('refuse what Node refuses', () => {
    expect(toLines('X-A', ['1', 2])).toEqual([
      ['X-A', '1'],
      ['X-A', '2'],
    ])
    expect(() => toLines('X A', '1')).toThrow('Header name must be a valid HTTP token ["X A"]')
    expect(() => toLines('X-A', 'a\r\nb')).toThrow('Invalid character in header content ["X-A"]')
  })
})

describe('media types', () => {
  test.each([
    ['json', 'application/json'],
    ['form', 'application/x-www-form-urlencoded'],
    ['form-data', 'application/x-www-form-urlencoded'],
    ['png', 'image/png'],
    ['svg', 'image/svg+xml'],
    ['a/b; c=d', 'a/b; c=d'],
  ])('%s is %s', (name, type) => {
    expect(toMediaType(name)).toBe(type)
  })

  test.each(['nosuch', 'constructor', '__proto__', ''])('%j is none', (name) => {
    expect(() => toMediaType(name)).toThrow(TypeError)
  })

  test('parameters and links', () => {
    expect(parametersOf('a/b; charset=utf-8;x="=="; constructor=1')).toEqual({ charset: 'utf-8', x: '"=="' })
    expect(linksOf('</a>; rel=next, </b>; title=x; rel="last up", </c>')).toEqual({ next: '/a', last: '/b', up: '/b' })
    expect(linksOf(undefined)).toEqual({})
  })
})

describe('JSON bodies', () => {
  test('mark what holds itself, and only that', () => {
    const shared = { s: 1 }
    const value: Record<string, unknown> = { shared, again: shared, list: [shared] }
    expect(JSON.parse(stringifyJson(value)!)).toEqual({ shared, again: shared, list: [shared] })
    value.self = value
    value.deep = { up: value, list: [value.shared] }
    expect(JSON.parse(stringifyJson(value)!)).toEqual({
      shared,
      again: shared,
      list: [shared],
      self: '[Circular]',
      deep: { up: '[Circular]', list: [shared] },
    })
    expect(() => stringifyJson({ toJSON: () => { throw new TypeError('own') } })).toThrow('own') // biome-ignore format: one line
  })

  test('a BigInt that can be written is', () => {
    const prototype = BigInt.prototype as { toJSON?: () => string }
    prototype.toJSON = function (this: bigint) {
      return String(this)
    } as () => string
    try {
      expect(
        request(async () => {})
          .post('/')
          .send({ a: 1n })
          .toJSON().data,
      ).toEqual({ a: 1n })
    } finally {
      delete prototype.toJSON
    }
  })

  test('Uint8Arrays are bytes', async () => {
    const headers = { 'content-type': 'application/octet-stream' }
    const handler = async ({ body }: { body: string }) => ({ statusCode: 200, headers, body, isBase64Encoded: true })
    const { rawBody } = await request(handler)
      .post('/')
      .send(new Uint8Array([0, 255]))
    expect(rawBody).toEqual(Buffer.from([0, 255]))
  })
})

describe('multipart responses', () => {
  const type = 'multipart/form-data; boundary="b"'
  const part = (head: string, body: string) => `--b\r\n${head}\r\n\r\n${body}\r\n`

  test('fields and files by name, bytes as they are', () => {
    const text = `preamble\r\n${part('content-disposition: form-data; name="__proto__"', 'x')}${part(
      'Content-Disposition: form-data; name="f"; filename="a\\"b.bin"\r\nContent-Type: application/octet-stream',
      '\x00\xff\r\n--c',
    )}--b--\r\nepilogue`
    const { body, files } = parseMultipart(Buffer.from(text, 'latin1'), type)
    expect(Object.entries(body as object)).toEqual([['__proto__', 'x']])
    expect(files?.f).toEqual({
      originalFilename: 'a"b.bin',
      mimetype: 'application/octet-stream',
      size: 7,
      buffer: Buffer.from('\x00\xff\r\n--c', 'latin1'),
    })
  })

  test('without parts or boundary', () => {
    expect(parseMultipart(Buffer.from('--b--'), type)).toEqual({ body: {}, files: {} })
    expect(parseMultipart(Buffer.from('--b\r\nbroken'), type)).toEqual({ body: {}, files: {} })
    expect(() => parseMultipart(Buffer.from(''), 'multipart/form-data')).toThrow('needs a boundary')
  })

  test('any bytes are cut at the boundary only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (content) => {
        const head = Buffer.from('--b0und\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n')
        const bytes = Buffer.concat([head, content, Buffer.from('\r\n--b0und--\r\n')])
        const { files } = parseMultipart(bytes, 'multipart/form-data; boundary=b0und')
        expect((files!.f as { buffer: Buffer }).buffer).toEqual(Buffer.from(content))
      }),
    )
  })
})

test('a request in this process loads none of the heavy libraries', () => {
  const script = `
    const { default: request, agent } = await import(${JSON.stringify(new URL('../src/client/client.ts', import.meta.url).href)})
    const handler = async () => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"a":1}' })
    await request(handler).post('/').query({ a: 1 }).type('json').send({ a: 1 }).expect(200, { a: 1 })
    await agent(handler).get('/').accept('html').expect('Content-Type', /json/)
    const { createRequire } = await import('node:module')
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    const builtins = process.moduleLoadList.filter((name) => /NativeModule (http|https|zlib|crypto|_http_client)$/.test(name))
    console.log(JSON.stringify({ loaded, builtins }))
  `
  // Node's own compile cache loads node:crypto.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd, env, stdio: 'pipe' })
  expect(JSON.parse(output.toString())).toEqual({ loaded: [], builtins: [] })
})
