// Every space of Unicode in what a client sends: only SP and HTAB are optional white space (RFC 9110 5.6.3).
import { strict as assert } from 'node:assert'
import { createApp, negotiateEncoding } from '@expressway/core'
import shim from '@expressway/express-shim'
import accepts from 'accepts'
import * as cookieModule from 'cookie'
import cookieParser from 'cookie-parser'
import fc from 'fast-check'
import { type Property, property } from './property.ts'

/** What `String.prototype.trim` removes, and what looks like a space besides. */
const spaces = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code)).filter(
  (char) => /\s/.test(char) || '\u0085\u180e\u200b\u2060'.includes(char),
)
const space = fc.constantFrom(...spaces)
const blank = fc.constantFrom('', '', '', ' ', '\t', ' \t')
const gap = fc.oneof(
  { weight: 2, arbitrary: blank },
  fc.tuple(blank, space, blank).map((parts) => parts.join('')),
)
const event = (headers: Record<string, string>) => ({
  requestContext: { elb: {} },
  httpMethod: 'GET',
  path: '/',
  headers,
})

const trimmed = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '')

const cookies = fc.array(
  fc.tuple(gap, fc.constantFrom('__Host-sid', 'a', 'b'), gap, gap, fc.constantFrom('x', 'y', ''), gap),
  {
    minLength: 1,
    maxLength: 4,
  },
)

/** A cookie has the name that stands between `;` and `=`, without SP and HTAB around it and with everything else. */
async function sameNames(sent: [string, string, string, string, string, string][]): Promise<string> {
  const header = sent.map(([a, name, b, c, value, d]) => `${a}${name}${b}=${c}${value}${d}`).join(';')
  const expected: Record<string, string> = {}
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    const name = trimmed(pair.slice(0, at))
    expected[name] ??= trimmed(pair.slice(at + 1))
  }
  const app = createApp().get('/', (req) => req.cookies)
  const { body } = (await app.handler(event({ cookie: header }), {})) as { body: string }
  assert.deepEqual(JSON.parse(body), expected)
  let seen: unknown
  const shimApp = shim() as unknown as {
    use(...handlers: unknown[]): void
    handler(event: object, context: object): unknown
  }
  shimApp.use(cookieParser(), (req: { cookies: object }, res: { end(): void }) => {
    seen = { ...req.cookies }
    res.end()
  })
  await shimApp.handler(event({ cookie: header }), {})
  // One character for each byte, as Node's parser gives them.
  const asBytes = Buffer.from(header).toString('latin1')
  assert.deepEqual(seen, { ...cookieModule.parse(/^[\x00-\xff]*$/.test(header) ? header : asBytes) })
  return 'parsed'
}

const weight = fc.constantFrom('', 'q=0', 'q=0.5', 'q=1')
const members = (value: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(gap, value, gap, gap, weight, gap), { minLength: 1, maxLength: 4 })
const codings = members(fc.constantFrom('gzip', 'br', 'deflate', 'identity', '*'))
const line = (sent: string[][]): string =>
  sent.map(([a, value, b, c, q, d]) => `${a}${value}${b}${q === '' ? '' : `;${c}${q}${d}`}`).join(',')

/** A space that is no optional white space is a character like any other: a coding with an `x` in its place is chosen alike. */
function sameCoding(sent: string[][]): string {
  const header = line(sent)
  const lettered = [...header]
    .map((char) => (spaces.includes(char) && char !== ' ' && char !== '\t' ? 'x' : char))
    .join('')
  const offered = ['br', 'gzip', 'deflate'] as const
  assert.equal(negotiateEncoding(header, [...offered]), negotiateEncoding(lettered, [...offered]))
  return 'negotiated'
}

const types = members(fc.constantFrom('text/html', 'application/json', 'text/*', '*/*', 'en', 'gzip'))

/** The shim chooses what Express's own `accepts` chooses of the header that Node would give it. */
async function sameChoice(sent: string[][]): Promise<string> {
  const header = line(sent)
  let seen: unknown
  let given = ''
  const app = shim().use((req, res) => {
    given = req.headers.accept ?? ''
    seen = [
      req.accepts(),
      req.accepts(['json', 'html']),
      req.acceptsEncodings('gzip', 'br'),
      req.acceptsLanguages('en'),
    ]
    res.end()
  })
  const headers = { accept: header, 'accept-encoding': header, 'accept-language': header }
  await (app as unknown as { handler(event: object, context: object): Promise<unknown> }).handler(event(headers), {})
  const real = accepts({ headers: { accept: given, 'accept-encoding': given, 'accept-language': given } })
  assert.match(given, /^[\x00-\xff]*$/, 'one character for each byte')
  assert.deepEqual(seen, [
    real.types(),
    real.types(['json', 'html']),
    real.encodings('gzip', 'br'),
    real.languages('en'),
  ])
  return 'negotiated'
}

export const spaceProperties: readonly Property[] = [
  property('a space in Cookie is part of a name, unless it is SP or HTAB', cookies, sameNames as never),
  property('a space in Accept-Encoding is no white space, unless it is SP or HTAB: core', codings, sameCoding as never),
  property('a space in Accept means what it means to accepts: the shim', types, sameChoice as never),
]
