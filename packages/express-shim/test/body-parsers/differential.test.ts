import { createRequire } from 'node:module'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allowLog } from '../../../../test/expect-log.ts'
import { json, raw, text, urlencoded } from '../../src/body/body-parsers.ts'
import { type Middleware, ParserServer, runInMemory, type Sent } from './outcome.ts'

type Kind = 'json' | 'urlencoded' | 'text' | 'raw'
// Options of many wrong types are tried.
// biome-ignore lint/suspicious/noExplicitAny: for the reason above.
type Options = any

// The copy that body-parser has too.
const load = createRequire(createRequire(import.meta.url).resolve('express'))
const createError = load('http-errors')

const server = new ParserServer()
beforeAll(() => server.start())
afterAll(() => server.close())

const parsers = { json, raw, text, urlencoded }
const ours = (kind: Kind, options?: Options): Middleware => parsers[kind](options)
const theirs = (kind: Kind, options?: Options): Middleware => express[kind](options) as Middleware

/** The same on body-parser, on ours with real requests, and on ours with requests in memory. */
async function same(kind: Kind, options: Options, sent: Sent): Promise<void> {
  const expected = await server.run(theirs(kind, options), sent)
  expect(await server.run(ours(kind, options), sent)).toEqual(expected)
  if (sent.chunks) return
  expect(runInMemory(ours(kind, options), sent)).toEqual(expected)
  const isText =
    sent.body === undefined || Buffer.from(Buffer.from(sent.body).toString()).equals(Buffer.from(sent.body))
  if (isText) expect(runInMemory(ours(kind, options), sent, true)).toEqual(expected)
}

const types: Record<Kind, string> = {
  json: 'application/json',
  urlencoded: 'application/x-www-form-urlencoded',
  text: 'text/plain',
  raw: 'application/octet-stream',
}
const kinds = Object.keys(types) as Kind[]
const typed = (kind: Kind, body: string | Buffer | undefined, more: Record<string, string> = {}): Sent => ({
  headers: { 'content-type': types[kind], ...more },
  body,
})

describe('JSON bodies', () => {
  const bodies = [
    '{}',
    '[]',
    '{"a":1,"é":"漢😀"}',
    '',
    ' ',
    '\n\t',
    '{',
    '{"a":',
    '[1,2',
    'null',
    'true',
    '1',
    '"text"',
    'x',
  ]
  const odd = [
    '  {"a":1}',
    '\ufeff{"a":1}',
    ' nulls',
    '#',
    '##{}',
    '{"__proto__":{"x":1}}',
    '{"a":1}x',
    '\u00a0{}',
    'undefined',
  ]
  const long = [`"${'y'.repeat(60)}"`, `{"a":${'#'.repeat(40)}`, `  ${'#'.repeat(30)}{}`]

  it.each([...bodies, ...odd, ...long])('%j', async (body) => {
    await same('json', undefined, typed('json', body))
    await same('json', { strict: false }, typed('json', body))
  })

  it('uses the reviver, also one that throws', async () => {
    const reviver = (key: string, value: unknown) => (key === 'n' ? Number(value) * 2 : value)
    await same('json', { reviver }, typed('json', '{"n":21}'))
    const thrower = () => {
      throw Object.assign(new RangeError('no'), { type: 'mine', status: 418, code: 'X' })
    }
    await same('json', { reviver: thrower }, typed('json', '{"n":21}'))
  })
})

describe('forms', () => {
  const nested = 'a[b][c]=1&a[b][d]=2&x[]=1&x[]=2&e=%C3%A9&p=+%2B&q'
  const deep = (levels: number) => `a${'[b]'.repeat(levels)}=1`
  const bodies = [
    '',
    'a=1',
    nested,
    deep(32),
    deep(33),
    '__proto__=1&a[__proto__]=2',
    'utf8=%26%2310003%3B&a=%E9',
    'a=%26%23937%3B&b=%zz',
  ]
  const options: Options[] = [
    undefined,
    { extended: true },
    { extended: true, depth: 1 },
    { extended: true, depth: 0 },
    { extended: true, depth: '3' },
    { extended: true, parameterLimit: 2 },
    { parameterLimit: 2.9 },
    { parameterLimit: '4' },
    { parameterLimit: Number.POSITIVE_INFINITY },
    { extended: true, charsetSentinel: true },
    { extended: true, charsetSentinel: true, interpretNumericEntities: true },
    { extended: true, defaultCharset: 'iso-8859-1', interpretNumericEntities: true },
  ]
  it.each(options)('with %j', async (chosen) => {
    for (const body of bodies) await same('urlencoded', chosen, typed('urlencoded', body))
    const latin1 = { 'content-type': 'application/x-www-form-urlencoded; charset=ISO-8859-1' }
    await same('urlencoded', chosen, typed('urlencoded', Buffer.from('a=%E9&b=\xe9&c=%26%23937%3B', 'latin1'), latin1))
  })

  it('with many parameters', async () => {
    const many = (count: number) => typed('urlencoded', Array.from({ length: count }, (_, i) => `a=${i}`).join('&'))
    for (const extended of [true, false]) {
      for (const count of [99, 101, 1000, 1001]) await same('urlencoded', { extended }, many(count))
      await same('urlencoded', { extended, parameterLimit: 1200 }, many(1150))
    }
  })
})

describe.each(kinds)('%s', (kind) => {
  const valid: Record<Kind, string> = { json: '{"a":"é"}', urlencoded: 'a=%C3%A9', text: 'héllo', raw: 'bytes' }
  const body = valid[kind]

  it('skips what it is not asked to read', async () => {
    await same(kind, undefined, { headers: { 'content-type': types[kind] }, method: 'GET' })
    await same(kind, undefined, { headers: { 'content-type': 'application/x-other' }, body })
    await same(kind, undefined, { body })
    await same(kind, undefined, { headers: { 'content-type': 'nonsense' }, body })
    await same(kind, undefined, { headers: { 'content-type': '' }, body })
    await same(kind, undefined, { ...typed(kind, ''), method: 'GET' })
  })

  it.each([
    'json',
    '.json',
    'html',
    'text/*',
    '*/*',
    '*/json',
    '+json',
    '*/*+json',
    'application/*',
    'urlencoded',
    'multipart',
    'bin',
    'x/y/z',
    '',
  ])('asked for the type %j', async (type) => {
    const sent = [
      'application/json',
      'application/vnd.api+json',
      'text/html; charset=utf-8',
      'APPLICATION/OCTET-STREAM',
      'multipart/form-data',
    ]
    for (const contentType of sent) await same(kind, { type }, { headers: { 'content-type': contentType }, body })
    await same(kind, { type: [type, 'text/css'] }, { headers: { 'content-type': 'text/css' }, body })
    await same(kind, { type: [] }, { headers: { 'content-type': 'x-a/b' }, body })
  })

  it('asked for a type by a function', async () => {
    await same(kind, { type: () => true }, { body })
    await same(kind, { type: () => 0 }, typed(kind, body))
    const thrower = () => {
      throw new Error('no idea')
    }
    await same(kind, { type: thrower }, typed(kind, body))
  })

  it.each([4, '4', '4b', '0', '1kb', '1.5KB', ' 1kb', '5 kb', 0, 9, Number.POSITIVE_INFINITY, '10'])(
    'limited to %j',
    async (limit) => {
      for (const length of [3, 4, 5, 1100]) await same(kind, { limit }, typed(kind, 'x'.repeat(length)))
      await same(kind, { limit }, { ...typed(kind, undefined), chunks: ['x'.repeat(1100)] })
    },
  )

  it('limited by default', async () => {
    const value = (size: number) => (kind === 'json' ? `["${'x'.repeat(size - 4)}"]` : 'x'.repeat(size))
    await same(kind, undefined, typed(kind, value(102_400)))
    await same(kind, undefined, typed(kind, value(102_401)))
    await same(kind, { limit: null }, typed(kind, value(102_401)))
  })

  const compressors = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync }
  it.each(Object.entries(compressors))('compressed with %s', async (coding, compress) => {
    const coded = { 'content-encoding': coding }
    await same(kind, undefined, typed(kind, compress(body), coded))
    await same(kind, undefined, typed(kind, compress(body), { 'content-encoding': coding.toUpperCase() }))
    await same(kind, { inflate: false }, typed(kind, compress(body), coded))
    await same(kind, undefined, typed(kind, compress(body).subarray(0, 8), coded))
    await same(kind, undefined, typed(kind, Buffer.concat([compress(body), Buffer.from('tail')]), coded))
    await same(kind, undefined, typed(kind, 'not compressed', coded))
    await same(kind, undefined, typed(kind, '', coded))
    await same(kind, { limit: 4 }, typed(kind, compress('x'.repeat(5)), coded))
    for (const size of [16_383, 16_384, 16_385, 40_000]) {
      await same(kind, { limit: 16_384 }, typed(kind, compress('x'.repeat(size)), coded))
    }
    await same(kind, undefined, typed(kind, compress('x'.repeat(5_000_000)), coded))
  })

  it('with other content codings', async () => {
    for (const coding of ['identity', 'IDENTITY', 'gzip, br', 'x-gzip', 'constructor', '', 'compress']) {
      await same(kind, undefined, typed(kind, body, { 'content-encoding': coding }))
      await same(kind, { inflate: false }, typed(kind, body, { 'content-encoding': coding }))
    }
  })

  it('verified', async () => {
    allowLog(/non-error status code/)
    const throwing = (error: unknown) => ({
      verify: () => {
        throw error
      },
    })
    const errors = [
      new Error('no entry'),
      Object.assign(new Error('typed'), { type: 'mine', status: 400 }),
      Object.assign(new Error('odd'), { status: 200 }),
      Object.assign(new Error('odder'), { statusCode: 700, expose: true }),
      Object.assign(new Error('shown'), { status: 500, statusCode: 500, expose: true }),
      Object.assign(new Error('hidden'), { status: 401, statusCode: 401, expose: false }),
      createError(401, 'hidden', { expose: false }),
      createError(500, 'shown', { expose: true }),
      'text',
      { status: 401, reason: 'object' },
    ]
    for (const error of errors) await same(kind, throwing(error), typed(kind, body))
    const returning = { verify: () => false }
    await same(kind, returning, typed(kind, body))
    await same(kind, returning, typed(kind, body, { 'content-type': `${types[kind]}; charset=x-unknown` }))
    await same(kind, returning, typed(kind, gzipSync(body), { 'content-encoding': 'gzip' }))
  })

  it('verified with the bytes as they were sent', async () => {
    const seen: unknown[] = []
    const options = { verify: (...args: unknown[]) => seen.push(args.slice(2).map(String), args.length) }
    await same(kind, options, typed(kind, body))
    for (const call of seen.slice(2)) expect(seen.slice(0, 2)).toContainEqual(call)
  })

  it.each([
    'utf-8',
    'UTF-8',
    '"utf-8"',
    'utf8',
    'utf-16',
    'utf-16le',
    'utf-16be',
    'utf-32le',
    'utf-7x',
    'iso-8859-1',
    'latin1',
    'us-ascii',
    'windows-1251',
    'x-unknown',
    '',
    'utf-8; charset=latin1',
    'utf-8, x',
    'utf-8;,',
    'utf-8 ; a="b;c"',
    '"utf\\-8"',
    '"',
    "'utf-8'",
  ])('in the charset %s', async (charset) => {
    const headers = { 'content-type': `${types[kind]}; charset=${charset}` }
    await same(kind, undefined, typed(kind, body, headers))
    await same(kind, { defaultCharset: 'iso-8859-1' }, typed(kind, body, headers))
    await same(kind, undefined, typed(kind, Buffer.from(`\ufeff${body}`, 'utf16le'), headers))
    await same(kind, undefined, typed(kind, gzipSync(body), { ...headers, 'content-encoding': 'gzip' }))
  })

  it('in a charset of several bytes, of which malformed ones are refused and not guessed at', async () => {
    const headers = { 'content-type': `${types[kind]}; charset=shift_jis` }
    await same(kind, undefined, typed(kind, body, headers))
    await same(kind, undefined, typed(kind, gzipSync(body), { ...headers, 'content-encoding': 'gzip' }))
    const malformed = typed(kind, Buffer.from('8163fc', 'hex'), headers)
    const { error } = (await server.run(ours(kind, undefined), malformed)) as { error?: { status: number } }
    // A body of bytes has no charset.
    expect(error?.status).toBe(kind === 'raw' ? undefined : 415)
  })

  it('in a default charset', async () => {
    for (const defaultCharset of ['utf-8', 'UTF-8', 'iso-8859-1', 'x-unknown', 'utf-16le']) {
      if (kind === 'urlencoded' && !['utf-8', 'iso-8859-1'].includes(defaultCharset)) continue
      await same(kind, { defaultCharset }, typed(kind, body))
    }
  })

  it('in chunks, cut anywhere', async () => {
    const bytes = Buffer.from(body)
    const chunks = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
    await same(kind, undefined, { headers: { 'content-type': types[kind] }, chunks })
    await same(kind, undefined, { headers: { 'content-type': types[kind] }, chunks: [] })
  })

  it('with bytes that are no UTF-8', async () => {
    await same(kind, undefined, typed(kind, Buffer.from([0x22, 0xff, 0xc3, 0xe2, 0x82, 0x22])))
  })

  it.each([
    { limit: 'much' },
    { limit: true },
    { limit: {} },
    { limit: Number.NaN },
    { verify: 'no' },
    { verify: 1 },
    { verify: null },
    { type: null },
    { inflate: 0 },
    { parameterLimit: 0 },
    { parameterLimit: -1 },
    { parameterLimit: 'x' },
    { parameterLimit: null },
    { extended: true, depth: -1 },
    { extended: true, depth: 'x' },
    { extended: true, depth: null },
    { depth: -1 },
    { defaultCharset: 'latin1' },
    { defaultCharset: 'koi8-r' },
  ])('constructed with %j', async (options) => {
    const made = (make: typeof ours) => {
      try {
        make(kind, options)
        return 'made'
      } catch (error) {
        return [(error as Error).name, (error as Error).message]
      }
    }
    expect(made(ours)).toEqual(made(theirs))
    if (made(theirs) === 'made') await same(kind, options, typed(kind, body))
  })

  it('is named as frameworks expect', () => {
    expect((ours(kind) as { name?: string }).name).toBe((theirs(kind) as { name?: string }).name)
    expect(ours(kind).length).toBe(theirs(kind).length)
  })

  it('reads a body once', async () => {
    const twice =
      (parser: Middleware): Middleware =>
      (req, res, next) => {
        parser(req, res, (error) => {
          if (error) return next(error)
          const { body: first } = req
          req.body = first
          parser(req, res, next)
        })
      }
    const expected = await server.run(twice(theirs(kind)), typed(kind, body))
    expect(await server.run(twice(ours(kind)), typed(kind, body))).toEqual(expected)
    expect(runInMemory(twice(ours(kind)), typed(kind, body))).toEqual(expected)
  })
})
