import { strict as assert } from 'node:assert'
import { createApp, isHttpError, negotiateEncoding } from '@expressway/core'
import { PathIndex } from '@expressway/core/router'
import shim from '@expressway/express-shim'
import accepts from 'accepts'
import * as cookieModule from 'cookie'
import fc from 'fast-check'
import Negotiator from 'negotiator'
import { match } from 'path-to-regexp'
import qs from 'qs'
import { type Property, property } from './property.ts'

/** What a request of an application shows of its raw parts, or the error with which it refuses them. */
async function read(part: 'query' | 'cookies', rawQuery: string, cookieHeader: string): Promise<unknown> {
  let seen: unknown
  const app = createApp().get('/', (req) => {
    seen = req[part]
    return 'ok'
  })
  const headers = cookieHeader === '' ? {} : { cookie: cookieHeader }
  const requestContext = { http: { method: 'GET', path: '/' } }
  const event = { version: '2.0', rawPath: '/', rawQueryString: rawQuery, headers, requestContext }
  const { statusCode } = (await app.handler(event)) as { statusCode: number }
  if (seen === undefined) assert.equal(statusCode, 400)
  return seen
}

const pieces = [
  'a',
  'b',
  '=',
  '&',
  '%',
  '%41',
  '%zz',
  '%E2%82%AC',
  '%ff',
  '+',
  ' ',
  '[',
  ']',
  '[]',
  '[a]',
  '.',
  ';',
  '"',
]
const names = ['__proto__', 'constructor', 'hasOwnProperty', 'é', '\ud83d', ',', '%00', '%5B', '0', '21', '\u2028']
const shards = fc.array(fc.constantFrom(...pieces, ...names), { maxLength: 14 }).map((parts) => parts.join(''))
const texts = fc.oneof(shards, fc.string({ maxLength: 20 }))

async function sameQuery(text: string): Promise<string> {
  const query = text.toWellFormed().replaceAll(/[#\t\r\n]/g, '')
  const seen = (await read('query', query, '')) as Record<string, string | string[]> | undefined
  const valid = isDecodable(query)
  assert.equal(seen !== undefined, valid, 'a malformed escape, and nothing else, is refused')
  if (seen === undefined) return 'refused'
  assert.equal(Object.getPrototypeOf(seen), null)
  const params = new URLSearchParams(`?${query}`)
  for (const name of params.keys()) {
    const values = params.getAll(name)
    assert.deepEqual(seen[name], values.length === 1 ? values[0] : values)
  }
  assert.equal(Object.keys(seen).length, new Set(params.keys()).size)
  return 'parsed'
}

function isDecodable(text: string): boolean {
  return text.split(/[&=]/).every((part) => {
    try {
      return decodeURIComponent(part) !== undefined
    } catch {
      return false
    }
  })
}

async function sameCookies(text: string): Promise<string> {
  // What a field value can hold; a quote is cut only as a pair, which `cookie` is looser with, as it is with one character.
  const header = text.toWellFormed().replaceAll(/[^\x20-\x7e]|"/g, '')
  if (header.length < 2) return 'parsed'
  const seen = (await read('cookies', '', header)) as Record<string, string>
  assert.equal(Object.getPrototypeOf(seen), null)
  // The package's record has a prototype, and so loses that one name.
  const { __proto__: _lost, ...rest } = seen
  assert.deepEqual(rest, { ...cookieModule.parse(header) })
  return 'parsed'
}

const extended = shim().set('query parser', 'extended')

async function sameNestedQuery(text: string): Promise<string> {
  // Without what no request line holds: Express has Node's legacy parser take a URL with it apart.
  const query = text.toWellFormed().replaceAll(/[#\s\ufeff]/g, '')
  let seen: unknown
  const app = shim()
  app.set('query parser', extended.get('query parser'))
  app.use((req, res) => {
    seen = req.query
    res.end()
  })
  const requestContext = { http: { method: 'GET', path: '/' } }
  await (app as unknown as { handler: (event: object) => Promise<unknown> }).handler({
    ...{ version: '2.0', rawPath: '/', rawQueryString: query, headers: {}, requestContext },
  })
  // Express 5's own call of qs.
  assert.deepEqual(JSON.stringify(seen), JSON.stringify(qs.parse(query, { allowPrototypes: true })))
  assert.equal(({} as Record<string, unknown>)['a'], undefined)
  return 'parsed'
}

const coding = fc.constantFrom('gzip', 'br', 'zstd', 'deflate', 'identity', '*', 'GZIP', 'x')
const weight = fc.constantFrom('', ';q=0', ';q=0.5', ';q=1', '; q=0.001', ';q=', ';q=2', ';q=-1', ';Q=0.3', ';a=b')
const acceptHeader = fc
  .array(
    fc.tuple(coding, weight).map((parts) => parts.join('')),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(', '))

// The option came with negotiator 1.0; its published types are older.
interface PreferringNegotiator {
  encoding(available: string[], options: { preferred: string[] }): string | undefined
}

function sameEncoding(header: string): string {
  const ours = ['br', 'gzip', 'deflate'] as const
  const negotiator = new Negotiator({ headers: { 'accept-encoding': header } }) as unknown as PreferringNegotiator
  const theirs = negotiator.encoding([...ours, 'identity'], { preferred: [...ours] })
  assert.equal(negotiateEncoding(header, [...ours]), theirs === 'identity' ? undefined : theirs)
  return 'negotiated'
}

const mediaRange = fc.constantFrom(
  'text/html',
  'application/json',
  'text/*',
  '*/*',
  'image/png',
  'x',
  'text/html;level=1',
)
const mediaHeader = fc
  .array(
    fc.tuple(mediaRange, weight).map((parts) => parts.join('')),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(','))

async function sameTypes(header: string): Promise<string> {
  const offers = ['json', 'html', 'png', 'text/html;level=1']
  let ours: unknown
  const app = shim().use((req, res) => {
    ours = [req.accepts(), req.accepts(offers), req.acceptsEncodings('gzip', 'br'), req.acceptsLanguages('en')]
    res.end()
  })
  const headers = { accept: header, 'accept-encoding': header, 'accept-language': header }
  await (app as unknown as { handler: (event: object) => Promise<unknown> }).handler({
    ...{ httpMethod: 'GET', path: '/', headers },
  })
  const real = accepts({ headers })
  assert.deepEqual(ours, [real.types(), real.types(offers), real.encodings('gzip', 'br'), real.languages('en')])
  return 'negotiated'
}

const segment = fc.constantFrom(
  'a',
  'b',
  'users',
  'a.b',
  ':id',
  ':id.:ext',
  '*rest',
  'v:major-:minor',
  'é',
  '__proto__',
)
const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`)
const pathSegment = fc.constantFrom(
  'a',
  'A',
  'b',
  'users',
  '7',
  'a.b',
  'v1-2',
  '',
  '%2F',
  '%zz',
  'é',
  '__proto__',
  '..',
)
const table = fc.record({
  patterns: fc.array(pattern, { maxLength: 12 }),
  path: fc.array(pathSegment, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
})

/** The index finds what a walk from the first entry to the last finds, with path-to-regexp alone. */
function sameRoute({ patterns, path }: { patterns: string[]; path: string }): string {
  const router: PathIndex<number> = new PathIndex<number>()
  const walk: [number, (path: string) => unknown][] = []
  for (const [index, each] of patterns.entries()) {
    try {
      walk.push([index, match(each, { decode: decodeURIComponent }) as (path: string) => unknown])
    } catch {
      continue
    }
    router.add(each, index)
  }
  const expected = outcome(() => {
    for (const [index, matches] of walk) {
      const found = matches(path) as { params: object } | false
      if (found) return { value: index, params: { ...found.params } }
    }
    return undefined
  })
  const found = outcome(() => {
    const result = router.find(undefined, path)
    return result && { value: result.value, params: { ...result.params } }
  })
  assert.deepEqual(found, expected)
  return expected === undefined ? 'not found' : 'found'
}

function outcome(find: () => unknown): unknown {
  try {
    return find()
  } catch (error) {
    return (error as Error).name
  }
}

const written = fc.record({
  name: fc.oneof(fc.constantFrom('x-a', 'set-cookie', 'location', '__proto__', 'content-type'), texts),
  value: fc.oneof(fc.constantFrom('a\r\nx: y', 'a\nb', 'a\0', '\u010d\u010a', 'é', '€'), texts),
  way: fc.constantFrom('set', 'append', 'type', 'cookie', 'redirect', 'reply', 'vary'),
})

/** Whatever a handler writes into a header is one line of that name, or an error: no answer is split. */
async function oneLine({ name, value, way }: { name: string; value: string; way: string }): Promise<string> {
  let refused: unknown
  const app = createApp().get('/', (_req, res) => {
    try {
      if (way === 'set') res.set(name, value)
      else if (way === 'append') res.append(name, [value, value])
      else if (way === 'type') res.type(value)
      else if (way === 'cookie') res.cookie(name, value, { path: value, domain: name })
      else if (way === 'vary') res.vary(value)
      else if (way === 'redirect') res.redirect(value)
      else
        return { statusCode: 200, headers: { [name]: value }, multiValueHeaders: { [name]: [value] }, cookies: [value] }
    } catch (error) {
      refused = error
    }
    return res.answered ? undefined : 'ok'
  })
  const result = JSON.stringify(await app.handler({ httpMethod: 'GET', path: '/' }))
  const { headers, multiValueHeaders } = JSON.parse(result) as Record<string, Record<string, string | string[]>>
  for (const [field, lines] of Object.entries({ ...headers, ...multiValueHeaders })) {
    assert.match(field, /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
    for (const line of [lines].flat()) assert.match(line, /^[\t\x20-\x7e\x80-\xff]*$/)
  }
  if (refused === undefined) return 'sent'
  assert(refused instanceof TypeError || isHttpError(refused), String(refused))
  return 'refused'
}

export const parsingProperties: readonly Property[] = [
  property('a query is what URLSearchParams makes of it', texts, sameQuery),
  property('cookies are what the package cookie makes of them', texts, sameCookies),
  property('an extended query is what qs makes of it: the shim', texts, sameNestedQuery),
  property('an encoding is what negotiator chooses', acceptHeader, sameEncoding),
  property('a media type is what accepts chooses: the shim', mediaHeader, sameTypes),
  property('a route is what a linear scan finds', table, sameRoute),
  property('a header that a handler writes is one line or refused', written, oneLine),
]
