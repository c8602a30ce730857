import { createHash, createHmac } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { createRequire } from 'node:module'
import cookieSignature from 'cookie-signature'
import fc from 'fast-check'
import rangeParser from 'range-parser'
import { describe, expect, it } from 'vitest'
import {
  acceptedCharsets,
  acceptedEncodings,
  acceptedLanguages,
  acceptedTypes,
  typeIs,
} from '../../src/http/accepts.ts'
import { serializeCookie, signCookie } from '../../src/http/cookies.ts'
import { etag, weakEtag } from '../../src/http/etag.ts'
import { toUtf8 } from '../../src/http/media-type.ts'
import { parseRange } from '../../src/http/range.ts'
import { sha1 } from '../../src/http/sha1.ts'
import { statusMessage } from '../../src/http/status-messages.ts'

// These packages have no types of their own.
const load = createRequire(import.meta.url)
const accepts = load('accepts')
const cookie = load('cookie')
const typeis = load('type-is')

/** What a function gives or throws, so that both sides can be compared. */
function result(run: () => unknown): unknown {
  try {
    return { value: run() }
  } catch (error) {
    return { threw: (error as Error).name, message: (error as Error).message }
  }
}

function same(ours: () => unknown, theirs: () => unknown): void {
  expect(result(ours)).toEqual(result(theirs))
}

const runs = { numRuns: 400 }
const q = fc.constantFrom(
  '',
  ';q=0',
  ';q=1',
  ';q=0.5',
  '; q=0.3',
  ';Q=0.7',
  ';q=x',
  ';q="0.2"',
  ';level=1',
  ';level=1;q=0.4',
  ';v="a,b"',
)
const list = (item: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(item, q, fc.constantFrom(',', ', ', ' ,', ',,')), { maxLength: 5 })
    .map((parts) => parts.map((part) => part.join('')).join(''))
const types = fc.constantFrom(
  'text/html',
  'text/plain',
  'text/*',
  '*/*',
  'application/json',
  'image/png',
  'TEXT/HTML',
  'text',
  'a/b/c',
  '',
)
const offers = fc.subarray([
  'html',
  'text/plain',
  'json',
  'image/png',
  'text/html;level=1',
  'nonsense',
  'application/json',
  'png',
])
const names = fc.constantFrom('gzip', 'br', 'identity', '*', 'utf-8', 'ISO-8859-1', 'GZIP', 'deflate', '')
const tags = fc.constantFrom('en', 'en-US', 'EN-gb', 'de', 'de-AT', '*', 'fr-CH', 'zh-Hant-TW', '')

describe('negotiation', () => {
  const oracle = (headers: object) => accepts({ headers } as never)
  it('of types is that of accepts', () => {
    fc.assert(
      fc.property(fc.option(list(types), { nil: undefined }), offers, (accept, offered) =>
        same(
          () => acceptedTypes(accept, offered),
          () => oracle({ accept }).types(offered),
        ),
      ),
      runs,
    )
  })
  it('of encodings is that of accepts', () => {
    fc.assert(
      fc.property(
        fc.option(list(names), { nil: undefined }),
        fc.subarray(['gzip', 'br', 'identity', 'deflate']),
        (header, offered) =>
          same(
            () => acceptedEncodings(header, offered),
            () => oracle({ 'accept-encoding': header }).encodings(offered),
          ),
      ),
      runs,
    )
  })
  it('of charsets is that of accepts', () => {
    fc.assert(
      fc.property(
        fc.option(list(names), { nil: undefined }),
        fc.subarray(['utf-8', 'iso-8859-1', 'x']),
        (header, offered) =>
          same(
            () => acceptedCharsets(header, offered),
            () => oracle({ 'accept-charset': header }).charsets(offered),
          ),
      ),
      runs,
    )
  })
  it('of languages is that of accepts', () => {
    fc.assert(
      fc.property(
        fc.option(list(tags), { nil: undefined }),
        fc.subarray(['en', 'en-us', 'de', 'de-at', 'fr']),
        (header, offered) =>
          same(
            () => acceptedLanguages(header, offered),
            () => oracle({ 'accept-language': header }).languages(offered),
          ),
      ),
      runs,
    )
  })
  it('takes any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a/*;=,q0.1" \\\t') }), (accept) =>
        same(
          () => acceptedTypes(accept, ['html', 'json']),
          () => oracle({ accept }).types(['html', 'json']),
        ),
      ),
      runs,
    )
  })
})

describe('types of bodies', () => {
  const given = fc.oneof(
    fc.constantFrom(
      'application/json',
      'text/html; charset=utf-8',
      'application/vnd.api+json',
      'multipart/form-data; boundary=x',
      'TEXT/Plain',
      'x',
      '',
    ),
    fc.string({ unit: fc.constantFrom(...'a/+;= -') }),
  )
  const wanted = fc.subarray([
    'json',
    'html',
    'text/*',
    '*/*',
    '+json',
    '*/*+json',
    'urlencoded',
    'multipart',
    'text',
    'application/*+json',
    'a/b/c',
    '*/json',
  ])
  it('match as by type-is', () => {
    fc.assert(
      fc.property(given, wanted, (type, patterns) =>
        same(
          () => typeIs(type, patterns),
          () => typeis.is(type, patterns),
        ),
      ),
      runs,
    )
  })
  it('are sent in UTF-8, with their other parameters', () =>
    expect(toUtf8('text/html;charset=latin1; a="b c"')).toBe('text/html; charset=utf-8; a="b c"'))
})

describe('ranges', () => {
  it('are parsed as by range-parser', () => {
    const part = fc.constantFrom(
      '0-5',
      '3-9',
      '-5',
      '5-',
      '90-',
      '7-3',
      '-',
      'x',
      ' 1 - 2 ',
      '1-2-3',
      '',
      '100-200',
      '-500',
      '6-7',
    )
    const field = fc
      .tuple(fc.constantFrom('bytes=', 'items=', 'bytes', '='), fc.array(part, { maxLength: 5 }))
      .map(([unit, parts]) => unit + parts.join(','))
    fc.assert(
      fc.property(field, fc.constantFrom(0, 1, 10, 100), fc.boolean(), (text, size, combine) => {
        const plain = (ranges: unknown) =>
          Array.isArray(ranges) ? [...ranges, (ranges as unknown as { type: string }).type] : ranges
        same(
          () => plain(parseRange(size, text, { combine })),
          () => plain(rangeParser(size, text, { combine })),
        )
      }),
      runs,
    )
  })
})

describe('cookies and names of files', () => {
  it('are written as by cookie', () => {
    const option = <Value>(...values: Value[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
    const options = fc.record({
      maxAge: option(0, 5.7, -1, Number.NaN, Number.POSITIVE_INFINITY),
      domain: option('a.b', '', '-x', '.example.com'),
      path: option('/', '', 'a;b', 'ü'),
      expires: option(new Date(0), new Date(Number.NaN)),
      httpOnly: option(true, false),
      secure: option(true),
      partitioned: option(true),
      priority: option('low', 'High', 'x'),
      sameSite: option<unknown>(true, false, 'lax', 'NONE', 'strict', 'x'),
    })
    fc.assert(
      fc.property(
        fc.string({ maxLength: 4 }),
        fc.string({ unit: 'binary', maxLength: 6 }),
        options,
        (name, value, given) =>
          same(
            () => serializeCookie(name, value, given as never),
            () => cookie.serialize(name, value, given as never),
          ),
      ),
      runs,
    )
  })
  it('are signed as by cookie-signature', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (value, secret) => {
        expect(signCookie(value, secret)).toBe(cookieSignature.sign(value, secret))
      }),
      { numRuns: 50 },
    )
    expect(signCookie('tobi', 'x')).toBe(
      `tobi.${createHmac('sha256', 'x').update('tobi').digest('base64').replace('=', '')}`,
    )
  })
})

describe('tags and phrases', () => {
  it('hash as node:crypto does', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Buffer.alloc(length, 'abc\xff')
      expect(sha1(bytes, bytes.length)).toBe(createHash('sha1').update(bytes).digest('base64').slice(0, 27))
    }
  })
  it('are the same by either way, and for text and bytes', () => {
    const expected = (text: string, encoding?: BufferEncoding) => {
      const bytes = Buffer.from(text, encoding)
      return `"${bytes.length.toString(16)}-${createHash('sha1').update(bytes).digest('base64').slice(0, 27)}"`
    }
    // More than are hashed in JavaScript.
    for (let count = 0; count < 5000; count += 1) {
      const text = `body ${count} ü`
      expect(etag(text)).toBe(expected(text))
      if (count % 100 === 0) expect(weakEtag(Buffer.from(text))).toBe(`W/${expected(text)}`)
    }
    expect(etag('c3bc', 'hex')).toBe(expected('c3bc', 'hex'))
    expect(etag('x'.repeat(5000), 'utf8')).toBe(expected('x'.repeat(5000)))
    expect(etag('')).toBe('"0-2jmj7l5rSw0yVb/vlWAYkK/YBwk"')
  })
  it('speak for each status as Node does', () => {
    for (let status = 0; status < 1000; status++) expect(statusMessage(status)).toBe(STATUS_CODES[status])
  })
})
