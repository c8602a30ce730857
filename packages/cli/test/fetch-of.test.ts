// The oracle is Node's own fetch, over a socket, at the local server: fetchOf gives the same answers in process.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { createApp, reply } from '@expressway/core'
import { fetchOf } from '@expressway/testing'
import { type GatewayName, gatewayNames } from '@expressway/testing/gateway'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLocalServer, type LocalServer } from '../src/server.ts'

type Fetch = typeof globalThis.fetch

/** Fields that belong to a connection or a clock. */
const ofTheSocket = ['connection', 'keep-alive', 'transfer-encoding', 'date']
const ofTheRequest = ['host', 'connection', 'transfer-encoding', 'content-length', 'via']

const app = createApp()
  .all('/echo', (req) => ({
    method: req.method,
    query: req.query,
    body: req.text(),
    headers: Object.fromEntries(
      [...req.headers].filter(([name]) => !ofTheRequest.includes(name) && !/^x-(?:amzn|forwarded)/.test(name)).sort(),
    ),
  }))
  .get('/cookies', () =>
    reply({
      cookies: [
        { name: 'a', value: '1' },
        { name: 'b', value: '2', httpOnly: true },
      ],
      body: 'two',
    }),
  )
  .get('/bytes', () => new Uint8Array([0, 255, 128, 10]))
  .get('/gzip', () => reply({ headers: { 'content-encoding': 'gzip', etag: '"x"' }, body: gzipSync('packed') }))
  .get('/brotli', () =>
    reply({ headers: { 'content-encoding': 'br, gzip' }, body: gzipSync(brotliCompressSync('twice')) }),
  )
  .get('/unknown-encoding', () => reply({ headers: { 'content-encoding': 'custom' }, body: 'as it is' }))
  .get('/empty', () => reply({ status: 204 }))
  .get('/tag', { etag: true }, () => 'tagged')
  .get('/fails', () => {
    throw new Error('The database is away')
  })
  .all('/redirect/:status', (req) =>
    reply({ status: Number(req.params.status), headers: { location: '../echo?from=redirect', 'set-cookie': 'r=1' } }),
  )
  .get('/loop', () => reply({ status: 302, headers: { location: 'loop' } }))
  .get('/file', () => reply({ status: 302, headers: { location: 'file:///etc/hostname' } }))
  .get('/nowhere', () => reply({ status: 302, body: 'no location' }))

const text = (words: string): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (const word of words.split(' ')) controller.enqueue(new TextEncoder().encode(word))
      controller.close()
    },
  })

const form = (): FormData => {
  const data = new FormData()
  data.append('title', 'Milk')
  return data
}

/** Every way to call `fetch`; `base` is a URL without a slash at the end. */
const calls: [string, (fetch: Fetch, base: string) => Promise<Response>][] = [
  ['a text', (fetch, base) => fetch(`${base}/echo?a=1&a=2&b=%20#part`)],
  ['a URL', (fetch, base) => fetch(new URL(`${base}/echo`), { headers: { 'X-One': '1', accept: 'text/plain' } })],
  ['a Request', (fetch, base) => fetch(new Request(`${base}/echo`, { method: 'PUT', body: 'from a request' }))],
  ['a Request with init', (fetch, base) => fetch(new Request(`${base}/echo`), { method: 'POST', body: '{}' })],
  [
    'JSON',
    (fetch, base) => post(fetch, `${base}/echo`, JSON.stringify({ a: 'é' }), { 'content-type': 'application/json' }),
  ],
  ['a form', (fetch, base) => post(fetch, `${base}/echo`, new URLSearchParams({ a: '1 2' }))],
  ['bytes', (fetch, base) => post(fetch, `${base}/echo`, new TextEncoder().encode('bytes'))],
  ['a blob', (fetch, base) => post(fetch, `${base}/echo`, new Blob(['blob'], { type: 'text/x-blob' }))],
  ['a stream', (fetch, base) => fetch(`${base}/echo`, { method: 'POST', body: text('a b c'), duplex: 'half' })],
  ['no body', (fetch, base) => fetch(`${base}/echo`, { method: 'DELETE' })],
  ['a POST without body', (fetch, base) => fetch(`${base}/echo`, { method: 'POST' })],
  [
    'several values of a field',
    (fetch, base) =>
      fetch(`${base}/echo`, {
        headers: [
          ['x-a', '1'],
          ['x-a', '2'],
        ],
      }),
  ],
  ['HEAD', (fetch, base) => fetch(`${base}/cookies`, { method: 'HEAD' })],
  ['cookies', (fetch, base) => fetch(`${base}/cookies`)],
  ['an answer of bytes', (fetch, base) => fetch(`${base}/bytes`)],
  ['an encoding', (fetch, base) => fetch(`${base}/gzip`)],
  ['two encodings', (fetch, base) => fetch(`${base}/brotli`)],
  ['an unknown encoding', (fetch, base) => fetch(`${base}/unknown-encoding`)],
  ['no content', (fetch, base) => fetch(`${base}/empty`)],
  ['not modified', (fetch, base) => fetch(`${base}/tag`, { headers: { 'if-none-match': '*' } })],
  ['not found', (fetch, base) => fetch(`${base}/missing`)],
  ['a failure', (fetch, base) => fetch(`${base}/fails`)],
  ...[301, 302, 303, 307, 308].flatMap((status): typeof calls => [
    [`GET and ${status}`, (fetch, base) => fetch(`${base}/redirect/${status}`, { headers: { authorization: 'x' } })],
    [`POST and ${status}`, (fetch, base) => post(fetch, `${base}/redirect/${status}`, 'kept?')],
    [`HEAD and ${status}`, (fetch, base) => fetch(`${base}/redirect/${status}`, { method: 'HEAD' })],
    [`${status} by hand`, (fetch, base) => fetch(`${base}/redirect/${status}`, { redirect: 'manual' })],
  ]),
  ['a redirect without a location', (fetch, base) => fetch(`${base}/nowhere`)],
]

const post = (fetch: Fetch, url: string, body: RequestInit['body'], headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers })

const failures: [string, (fetch: Fetch, base: string) => Promise<Response>][] = [
  ['a redirect that is an error', (fetch, base) => fetch(`${base}/redirect/302`, { redirect: 'error' })],
  ['redirects without an end', (fetch, base) => fetch(`${base}/loop`)],
  ['a redirect to a file', (fetch, base) => fetch(`${base}/file`)],
  ['an aborted signal', (fetch, base) => fetch(`${base}/echo`, { signal: AbortSignal.abort() })],
  ['an aborted signal with a reason', (fetch, base) => fetch(`${base}/echo`, { signal: AbortSignal.abort('left') })],
  ['a body of a GET', (fetch, base) => fetch(`${base}/echo`, { body: 'x' })],
  ['a stream without duplex', (fetch, base) => post(fetch, `${base}/echo`, text('a'))],
  ['another scheme', (fetch) => fetch('ftp://127.0.0.1/')],
  ['a path alone', (fetch) => fetch('/echo')],
]

async function seen(response: Response, base: string) {
  const { status, statusText, ok, type, redirected, url } = response
  const hasBody = response.body !== null
  const copy = response.clone()
  expect([copy.url, copy.redirected, copy.type]).toEqual([url, redirected, type])
  const body = Buffer.from(await response.arrayBuffer())
  expect(Buffer.from(await copy.arrayBuffer())).toEqual(body)
  const headers = [...response.headers].filter(([name]) => !ofTheSocket.includes(name))
  const { bodyUsed } = response
  return {
    ...{ status, statusText, ok, type, redirected, hasBody, bodyUsed, headers },
    url: url.replace(base, ''),
    body: body.toString('latin1'),
  }
}

const reasonOf = async (call: Promise<Response>) => {
  const error = await call.then(
    () => 'no error',
    (reason) => reason,
  )
  const { name, message, cause } =
    error instanceof Error || error instanceof DOMException ? error : { name: '', message: error }
  return { name, message, cause: (cause as Error | undefined)?.message }
}

const stage = { stage: 'prod' }
// A REST API sends base64 to the client otherwise.
const binary = { binaryMediaTypes: ['*/*'] }
const targets: [GatewayName, object, string][] = [
  ...gatewayNames.map((name): [GatewayName, object, string] => [name, name === 'rest-api' ? binary : {}, '']),
  ['http-api', stage, '/prod'],
]

// What the failing handlers log.
beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue())
afterEach(() => void vi.restoreAllMocks())

describe.each(targets)('%s %o', (gateway, gatewayOptions, base) => {
  let server: LocalServer
  beforeAll(async () => {
    server = await createLocalServer(app, { gateway, gatewayOptions })
  })
  afterAll(() => server.close())
  const inProcess = fetchOf(app, { gateway, gatewayOptions })

  it.each(calls)('answers as over a socket: %s', async (_name, call) => {
    const url = server.url + base
    expect(await seen(await call(inProcess, url), server.url)).toEqual(await seen(await call(fetch, url), server.url))
  })

  it.each(failures)('fails as over a socket: %s', async (_name, call) => {
    const url = server.url + base
    expect(await reasonOf(call(inProcess, url))).toEqual(await reasonOf(call(fetch, url)))
  })
})

describe('fetchOf', () => {
  it('sends a form with files', async () => {
    const handler = createApp().post('/', (req) => req.form().title ?? 'none').handler
    const answer = await fetchOf(handler)('https://api.example.com/', { method: 'POST', body: form() })
    expect(await answer.text()).toBe('Milk')
  })

  it('refuses what is no handler, and an unknown gateway', () => {
    expect(() => fetchOf('https://api.example.com' as never)).toThrow(/fetchOf\(\) takes a Lambda handler .*not string/)
    expect(() => fetchOf(null as never)).toThrow(TypeError)
    expect(() => fetchOf(app, { gateway: 'lambda' as never })).toThrow(/No gateway is called "lambda"/)
  })

  it('follows a redirect to another origin over the network, without credentials', async () => {
    const headers: (string | undefined)[] = []
    const there = createApp().get('/there', (req) => {
      headers.push(req.headers.get('authorization'), req.headers.get('x-kept'))
      return 'there'
    })
    await using server = await createLocalServer(there)
    const here = createApp().get('/', () => reply({ status: 302, headers: { location: `${server.url}/there` } }))
    const answer = await fetchOf(here)('https://a.example.com/', {
      headers: { authorization: 'secret', 'x-kept': 'yes' },
    })
    expect([await answer.text(), answer.url, answer.redirected]).toEqual(['there', `${server.url}/there`, true])
    expect(headers).toEqual([undefined, 'yes'])
  })
})

describe('a stream', () => {
  let more: () => void = () => {}
  let finished = false
  const streaming = createApp()
    .get('/words', async (_req, res) => {
      await res.write('one ')
      await new Promise<void>((resolve) => (more = resolve))
      await res.write('two')
      finished = true
    })
    .get('/breaks', async (_req, res) => {
      await res.write('one ')
      throw new Error('broken')
    })
  const fetchStream = fetchOf({ handler: streaming.streamHandler }, { gateway: 'function-url' })
  const url = 'https://api.example.com/words'

  it('arrives in chunks', async () => {
    const { body } = await fetchStream(url)
    const reader = body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('one ')
    more()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('two')
    expect((await reader.read()).done).toBe(true)
  })

  it('is read into a buffer of the reader', async () => {
    const { body } = await fetchStream(url)
    const reader = body!.getReader({ mode: 'byob' })
    const { value } = await reader.read(new Uint8Array(100))
    expect(Buffer.from(value!).toString()).toBe('one ')
    more()
    expect(Buffer.from((await reader.read(new Uint8Array(100))).value!).toString()).toBe('two')
    expect(await reader.read(new Uint8Array(100))).toMatchObject({ done: true })
  })

  it.each([
    ['aborts', (_body: ReadableStream, controller: AbortController) => controller.abort()],
    ['cancels', (body: ReadableStream) => void body.cancel()],
  ])('goes nowhere when the client %s, and the function ends', async (name, leave) => {
    finished = false
    const controller = new AbortController()
    const response = await fetchStream(url, { signal: controller.signal })
    const body = response.body!
    leave(body, controller)
    if (name === 'aborts') await expect(response.text()).rejects.toBe(controller.signal.reason)
    more()
    await expect.poll(() => finished).toBe(true)
  })

  it('that breaks is an error of the body', async () => {
    const response = await fetchStream('https://api.example.com/breaks')
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow(new TypeError('terminated'))
  })
})
