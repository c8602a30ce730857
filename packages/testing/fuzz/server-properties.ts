// Raw bytes to a real server, and the same request as an event: the application sees the same.
import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import shim from '@expressway/express-shim'
import express from 'express'
import fc from 'fast-check'
import { type GatewayName, gateway } from '../src/gateway.ts'
import { type Property, property } from './property.ts'

// biome-ignore lint/suspicious/noExplicitAny: the same lines make an application of Express and of the shim.
type Any = any

/** Bytes as Latin-1 text, which JSON can hold. */
interface Raw {
  readonly method: string
  readonly target: string
  readonly lines: string[]
  readonly body: string
  readonly framing: 'length' | 'chunked' | 'none' | 'both' | 'short'
}

// Mostly what a parser takes, so that there is something to compare.
const rarely = (usual: string[], odd: string[]) =>
  fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...usual) }, fc.constantFrom(...odd))
const names = rarely(
  [
    ...['Accept', 'accept-language', 'X-A', 'x-a', 'X-B', 'Cookie', 'cookie', 'User-Agent', 'Referer', 'Range', 'Age'],
    ...['If-None-Match', 'Authorization', 'Content-Type', 'Expect', '__proto__', 'constructor', 'X-Requested-With'],
    ...['Set-Cookie', 'Origin'],
  ],
  ['X Y', 'X-\u00e9', '', 'Content-Length', 'Transfer-Encoding'],
)
const value = fc.oneof(
  rarely(
    [
      ...['', ' ', 'a', 'b; c=d', 'text/html;q=0.5', '\u00a0a\u00a0', '\u00c3\u00a9', '\t a \t', '0', '5', 'bytes=0-1'],
      ...['W/"a"', 'a=1; b=2', '100-continue', 'application/json'],
    ],
    ['a\0b', 'a\r\n folded', 'a\rb', 'a\nX-C: d', 'chunked'],
  ),
  fc.stringMatching(/^[ -~\xa0-\xff]{0,12}$/),
)
const lines = fc.array(
  fc.tuple(names, rarely([': ', ':', ':\t'], [' : ', '']), value).map((parts) => parts.join('')),
  { maxLength: 6 },
)
const path = rarely(
  ['/', '/', 'a', 'b', '..', '.', '%41', '%2F', '%zz', '%', ';', '+', '|', '['],
  ['\u00e9', '"', '\\', ' '],
)
const query = rarely(['a', '=', '&', '%', '%41', '+', '[', ']', '?', '{'], ['\u00e9', '#'])
const target = fc
  .tuple(fc.array(path, { maxLength: 7 }), fc.array(query, { maxLength: 7 }))
  .map(([path, query]) => `/${path.join('')}${query.length > 0 ? `?${query.join('')}` : ''}`)
const raws: fc.Arbitrary<Raw> = fc.record({
  method: rarely(['GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'], ['get', 'FOO']),
  target,
  lines,
  // ASCII: a gateway decodes what it takes for text, and all bytes have properties of their own.
  body: fc.oneof(
    fc.constant(''),
    fc.array(fc.nat(127), { maxLength: 40 }).map((bytes) => String.fromCharCode(...bytes)),
    fc.constantFrom('GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n', '0\r\n\r\n', '{"a":1}'),
  ),
  framing: fc.constantFrom('length', 'length', 'length', 'chunked', 'chunked', 'none', 'both', 'short'),
})

function bytesOf({ method, target, lines, body, framing }: Raw): Buffer {
  const length = `Content-Length: ${framing === 'short' ? body.length >> 1 : body.length}`
  const chunked = framing === 'chunked' || framing === 'both'
  const fields = [
    'Host: example.com',
    ...lines,
    ...(framing === 'none' || framing === 'chunked' ? [] : [length]),
    ...(chunked ? ['Transfer-Encoding: chunked'] : []),
  ]
  const sent = chunked ? `${body.length > 0 ? `${body.length.toString(16)}\r\n${body}\r\n` : ''}0\r\n\r\n` : body
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${sent}`, 'latin1')
}

interface Seen {
  readonly wire: { method: string; url: string; rawHeaders: string[]; body: Buffer }
  readonly view: unknown
}

let seen: Seen[] = []
// What a gateway adds, or takes for itself; and what Node drops while an event keeps it as a harmless own member.
const gatewaysOwn =
  /^(x-forwarded-.*|x-amzn-.*|connection|keep-alive|transfer-encoding|content-length|expect|te|trailer|upgrade|__proto__)$/

function applicationOf(create: Any): Any {
  const app = create()
  app.use(create.raw({ type: () => true, inflate: false }), (req: Any, res: Any) => {
    const body = Buffer.isBuffer(req.body) ? Buffer.from(req.body) : Buffer.alloc(0)
    const { method, originalUrl: url, rawHeaders } = req as IncomingMessage & { originalUrl: string }
    const headers = Object.fromEntries(Object.entries(req.headers).filter(([name]) => !gatewaysOwn.test(name)))
    const view = {
      ...{ method, url, path: req.path, query: req.query, headers, body: body.toString('latin1') },
      ...{ hostname: req.hostname, accepts: req.accepts('json', 'html'), xhr: req.xhr },
      ...{ range: attempt(() => req.range(100)), charsets: req.acceptsCharsets(), languages: req.acceptsLanguages() },
    }
    seen.push({ wire: { method: method!, url, rawHeaders, body }, view })
    res.status(204).end()
  })
  app.use((error: Any, _req: Any, res: Any, _next: Any) => {
    seen.push({ wire: {} as never, view: [error.status, error.type] })
    res.status(error.status ?? 500).end()
  })
  return app
}

const attempt = (read: () => unknown): unknown => {
  try {
    return read()
  } catch (error) {
    return String(error)
  }
}

const applications = { express: applicationOf(express), shim: applicationOf(shim) }
const servers = new Map<string, Promise<Server>>()

/** Started at its first use; it does not keep the process. */
function serverOf(name: keyof typeof applications): Promise<Server> {
  const started =
    servers.get(name) ??
    (async () => {
      const server = createServer(applications[name] as RequestListener).listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server.unref()
    })()
  servers.set(name, started)
  return started
}

/** What the application saw of the bytes; nothing of what Node's parser refused. */
async function onServer(name: keyof typeof applications, bytes: Buffer): Promise<Seen[]> {
  const { port } = (await serverOf(name)).address() as AddressInfo
  seen = []
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  socket.resume().end(bytes)
  await once(socket, 'close')
  return seen
}

/** Each of the two keeps a part of the request as it was sent: the one the target, the other each header line. */
const comparable: [GatewayName, string[]][] = [
  ['function-url', ['method', 'url', 'path', 'query', 'body', 'hostname', 'accepts', 'xhr']],
  ['alb-multi-value', ['method', 'headers', 'body', 'hostname', 'accepts', 'xhr', 'range', 'charsets', 'languages']],
]

// An event does not say whether an empty query had its question mark.
const picked = (view: Any, members: string[]): unknown[] =>
  members.map((name) => (name === 'url' ? view.url.replace(/\?$/, '') : view[name]))

async function sameAsEvent(raw: Raw): Promise<string> {
  const bytes = bytesOf(raw)
  const expected = await onServer('express', bytes)
  const views = expected.map(({ view }) => view)
  assert.deepEqual(
    (await onServer('shim', bytes)).map(({ view }) => view),
    views,
    'the shim on a server',
  )
  if (expected.length === 0) return 'refused by the parser'
  let outcome = 'on a server alone'
  for (const { wire, view } of expected) {
    // An application's error has no request of its own to send again; an event has a path from `/` on.
    if (wire.url === undefined || !wire.url.startsWith('/') || wire.url.includes('#')) continue
    const [path, ...rest] = wire.url.split('?')
    const headers = Array.from({ length: wire.rawHeaders.length / 2 }, (_, index): [string, string] => [
      wire.rawHeaders[2 * index]!,
      wire.rawHeaders[2 * index + 1]!,
    ])
    const request = {
      method: wire.method,
      path: path!,
      query: rest.join('?'),
      headers,
      ...(wire.body.length > 0 && { body: wire.body }),
    }
    for (const [name, members] of comparable) {
      const event = JSON.parse(JSON.stringify(gateway(name).toEvent(request)))
      seen = []
      await applications.shim.handler(event, {})
      assert.deepEqual(
        seen.map((each) => picked(each.view, members)),
        [picked(view, members)],
        `the shim through ${name}`,
      )
    }
    outcome = 'the same'
  }
  return outcome
}

export const serverProperties: readonly Property[] = [
  property('raw bytes show an application on a server what an event shows it', raws, sameAsEvent),
]
