import { execFileSync } from 'node:child_process'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { allowLog } from '../../../test/expect-log.ts'
import { toLambdaHandler } from '../src/entry/lambda.ts'
import { UnsupportedEventError } from '../src/entry/other-event.ts'
import type { BadRequestError } from '../src/message/errors.ts'
import type { Handle, Invocation } from '../src/message/handle.ts'
import type { Chunk, HttpHeaders, HttpRequest, HttpResponse } from '../src/message/message.ts'
import type { Source } from '../src/message/source.ts'
import { DecodedRequest } from '../src/sources/decoded-request.ts'
import { selectSources } from '../src/sources/detect.ts'
import { deepFreeze, fixture } from './event-fixtures.ts'

// Warned of once in a process, see stream-warning.test.ts.
beforeEach(() => allowLog(/a streamed body was collected/))

const get = deepFreeze({ httpMethod: 'GET', path: '/' })
const queue = deepFreeze({ Records: [{ eventSource: 'aws:sqs', body: '{}' }] })
const fields = (record: Record<string, string> = {}): HttpHeaders => Object.assign(Object.create(null), record)
const answer =
  (response: Partial<HttpResponse>): Handle =>
  () => ({ status: 200, headers: fields(), ...response })

// biome-ignore lint/suspicious/noExplicitAny: a result of any source, looked at member by member
const invoke = async (handle: Handle, event: unknown = get, context: object = {}): Promise<any> =>
  toLambdaHandler(handle)(event, context)

let error: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  error = vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => vi.restoreAllMocks())

describe('toLambdaHandler', () => {
  test('has exactly two parameters: Node.js 24 on Lambda refuses three', () => {
    expect(toLambdaHandler(answer({}))).toHaveLength(2)
  })

  test('answers a promise, from a handle that is synchronous and from one that is not', async () => {
    const asynchronous: Handle = async () => ({ status: 201, headers: fields(), body: 'a' })
    expect(toLambdaHandler(answer({}))(get)).toBeInstanceOf(Promise)
    expect(await invoke(answer({ status: 201, body: 'a' }))).toEqual(await invoke(asynchronous))
  })

  test('hands the request and the invocation to the handle', async () => {
    const seen: [HttpRequest, Invocation][] = []
    const context = { awsRequestId: 'r' }
    const event = fixture('http-api-v2/raw-path-with-literal-space-rust.json')
    const handle: Handle = (request, invocation) => {
      seen.push([request, invocation])
      return { status: 200, headers: fields() }
    }
    await invoke(handle, event, context)
    expect(seen[0]![0].path).toBe('/my/path-with%20space')
    expect(seen[0]![1]).toEqual({ source: 'http-api', event, context, streaming: false })
    expect(seen[0]![1].event).toBe(event)
  })

  test('does without a context', async () => {
    let given: object | undefined
    const handle: Handle = (_request, { context }) => {
      given = context
      return { status: 200, headers: fields() }
    }
    await toLambdaHandler(handle)(get)
    expect(given).toEqual({})
  })

  test('serves many invocations at once, each with its own request', async () => {
    const handle: Handle = async (request) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
      return { status: 200, headers: fields(), body: request.path }
    }
    const handler = toLambdaHandler(handle)
    const paths = Array.from({ length: 50 }, (_, i) => `/${i}`)
    const results = await Promise.all(paths.map((path) => handler({ httpMethod: 'GET', path })))
    expect(results).toMatchObject(paths.map((body) => ({ body })))
  })

  test('a malformed body is the application’s to answer', async () => {
    const handle: Handle = (request) => {
      try {
        return { status: 200, headers: fields(), body: request.body }
      } catch (cause) {
        return { status: (cause as BadRequestError).status, headers: fields(), body: (cause as Error).message }
      }
    }
    expect(await invoke(handle, { ...get, body: '{}', isBase64Encoded: true })).toMatchObject({
      statusCode: 400,
      body: 'The request body is not valid base64',
    })
    expect(error).not.toHaveBeenCalled()
  })
})

describe('a fault of the handle is logged, and reveals nothing', () => {
  const broken = new Error('the secret')
  const faults: [string, Handle, unknown][] = [
    [
      'throws',
      () => {
        throw broken
      },
      broken,
    ],
    ['rejects', () => Promise.reject(broken), broken],
    ['answers nothing', (() => undefined) as never, expect.any(TypeError)],
    [
      'breaks its stream',
      answer({
        body: (async function* () {
          yield 'a'
          throw broken
        })(),
      }),
      broken,
    ],
    ['forges a header', answer({ headers: fields({ a: 'b\r\nc: d' }) }), expect.any(TypeError)],
  ]
  test.each(faults)('that %s', async (_name, handle, logged) => {
    expect(await invoke(handle)).toEqual({
      statusCode: 500,
      headers: { 'content-type': 'application/json' },
      body: '{"statusCode":500,"message":"Internal server error"}',
      isBase64Encoded: false,
    })
    expect(error.mock.calls).toEqual([[logged]])
  })
})

describe('a body in chunks is collected', () => {
  const chunks = (...list: Chunk[]): Partial<HttpResponse> => ({
    headers: fields({ 'content-type': 'application/octet-stream' }),
    body: (async function* () {
      yield* list
    })(),
  })

  test('text stays text', async () => {
    expect(await invoke(answer(chunks('a', 'é')))).toMatchObject({ body: 'aé', isBase64Encoded: false })
    expect(await invoke(answer(chunks()))).toMatchObject({ body: '', isBase64Encoded: false })
  })

  test('bytes among it make it bytes', async () => {
    expect(await invoke(answer(chunks('é', Uint8Array.of(0, 255))))).toMatchObject({
      body: 'w6kA/w==',
      isBase64Encoded: true,
    })
  })
})

describe('what is not HTTP', () => {
  test('goes to onOtherEvent, with the context', async () => {
    const onOtherEvent = vi.fn(async () => ({ batchItemFailures: [] }))
    const handler = toLambdaHandler(answer({}), { onOtherEvent })
    expect(await handler(queue, { awsRequestId: 'r' })).toEqual({ batchItemFailures: [] })
    expect(onOtherEvent).toHaveBeenCalledExactlyOnceWith(queue, { awsRequestId: 'r' })
    await handler({ warmer: true })
    expect(onOtherEvent).toHaveBeenLastCalledWith({ warmer: true }, {})
    await handler(get)
    expect(onOtherEvent).toHaveBeenCalledTimes(2)
  })

  test('fails the invocation without it, by name, so that a queue keeps its messages', async () => {
    await expect(invoke(answer({}), queue)).rejects.toThrow(UnsupportedEventError)
    await expect(invoke(answer({}), queue)).rejects.toThrow(
      'This is an SQS event, not HTTP: take it with the option onOtherEvent, (event, context) => result',
    )
  })

  test('an error of onOtherEvent is the invocation’s', async () => {
    const handler = toLambdaHandler(answer({}), {
      onOtherEvent: () => {
        throw new RangeError('no')
      },
    })
    await expect(handler(queue)).rejects.toThrow(RangeError)
  })

  test.each([{ warmer: true }, { warmer: true, concurrency: 3 }, { source: 'serverless-plugin-warmup' }])(
    'a warm-up ping %j is answered with nothing',
    async (event) => expect(await invoke(answer({}), event)).toBeUndefined(),
  )
})

describe('the option source', () => {
  test('by name takes that source’s events alone', async () => {
    const handler = toLambdaHandler(answer({}), { source: 'http-api' })
    expect(await handler(fixture('http-api-v2/cookies-bref.json'))).toMatchObject({ statusCode: 200 })
    expect(await handler(fixture('http-api-v1/cookies-bref.json'))).toMatchObject({ statusCode: 200 })
    await expect(handler(fixture('alb/single-value-headers-go.json'))).rejects.toThrow(UnsupportedEventError)
  })

  test('a REST API by name takes SAM CLI’s local event too', async () => {
    const handler = toLambdaHandler(answer({}), { source: 'rest-api' })
    expect(await handler(fixture('rest-v1/sam-local-rest-version-1-rust.json'))).toMatchObject({ statusCode: 200 })
  })

  test('an unknown name is refused at once', () => {
    expect(() => toLambdaHandler(answer({}), { source: 'sqs' as never })).toThrow(
      new TypeError('There is no event source "sqs": use function-url, http-api, rest-api, alb, vpc-lattice'),
    )
  })

  test.each(['function-url', 'http-api', 'rest-api', 'alb', 'vpc-lattice'] as const)(
    '%s is the name of its sources',
    (name) => expect(new Set(selectSources(name).map((source) => source.name))).toEqual(new Set([name])),
  )

  test('the headers of a request that nothing asks for are never made', async () => {
    const [rest] = selectSources('rest-api')
    const made = vi.fn(() => fields())
    const decode = (event: unknown) => Object.defineProperty(rest!.decode(event), 'headers', { get: made })
    const handler = toLambdaHandler(answer({ body: 'x' }), { source: { ...rest!, decode } })
    expect(await handler(fixture('rest-v1/sam-local-rest-version-1-rust.json'))).toMatchObject({ statusCode: 200 })
    expect(made).not.toHaveBeenCalled()
  })

  test('a source of one’s own', async () => {
    const own: Source<{ say: string }, string> = {
      name: 'own',
      resultLimit: 100_000,
      matches: (event): event is { say: string } => typeof event === 'object' && event !== null && 'say' in event,
      decode: (event) =>
        new DecodedRequest(
          {
            rawHeaders: () => [],
            fieldLines: () => [],
            query: () => '',
            body: (of) => of.say,
            isBase64: () => false,
            remoteAddress: () => undefined,
            protocol: () => 'https',
            domainName: () => undefined,
            requestId: () => undefined,
            identity: () => undefined,
          },
          event,
          'POST',
          '/',
          '',
        ),
      encode: ({ body }) => String(body),
    }
    const handler = toLambdaHandler((request) => ({ status: 200, headers: fields(), body: request.body }), {
      source: own as Source,
    })
    expect(await handler({ say: 'hello' })).toBe('hello')
  })
})

describe('a result beyond what the gateway takes', () => {
  const alb = (accept?: string): object => ({
    httpMethod: 'GET',
    path: '/big',
    headers: accept === undefined ? {} : { 'accept-encoding': accept },
    requestContext: { elb: {} },
  })
  const big = 'abcdefgh'.repeat(150_000)
  const large = (headers: Record<string, string> = {}, body: Chunk = big): Handle =>
    answer({ headers: fields(headers), body })

  test('passes as it is up to the limit', async () => {
    const body = 'x'.repeat(1_000_000)
    expect(await invoke(large({}, body), alb('gzip'))).toMatchObject({ body, isBase64Encoded: false })
    expect((await invoke(large(), { ...get, headers: { 'accept-encoding': 'gzip' } })).body).toBe(big)
  })

  test('is compressed where the client takes that', async () => {
    const zipped = await invoke(large({ etag: '"x"', vary: 'origin' }), alb('gzip, deflate'))
    expect(gunzipSync(Buffer.from(zipped.body, 'base64')).toString()).toBe(big)
    expect(zipped).toMatchObject({
      statusCode: 200,
      isBase64Encoded: true,
      headers: { 'content-encoding': 'gzip', vary: 'origin, Accept-Encoding', etag: 'W/"x"' },
    })
    const brotli = await invoke(large({}, Buffer.from(big)), alb('gzip, deflate, br'))
    expect(brotli.headers).toEqual({ 'content-encoding': 'br', vary: 'Accept-Encoding' })
    expect(brotliDecompressSync(Buffer.from(brotli.body, 'base64')).toString()).toBe(big)
  })

  test.each([
    ['gzip;q=0.5, br;q=0.1', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['*', 'br'],
    ['GZIP', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
    ['', undefined],
    ['deflate, zstd', undefined],
  ])('accept-encoding %j means %s', async (accept, coding) => {
    const { statusCode, headers } = await invoke(large(), alb(accept))
    expect([statusCode, headers['content-encoding']]).toEqual(coding ? [200, coding] : [500, undefined])
  })

  test('else is a 500, and the log says what to do', async () => {
    expect(await invoke(large(), alb())).toMatchObject({
      statusCode: 500,
      body: '{"statusCode":500,"message":"Internal server error"}',
    })
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(
        /^expressway: GET \/big answered 1200\d\d\d bytes as a result, and alb takes 1048576\. Stream the answer/,
      ),
    )
  })

  test.each([
    ['encoded already', { 'content-encoding': 'gzip' }],
    ['a part of something', { 'content-range': 'bytes 0-9/10' }],
    ['not to be changed', { 'cache-control': 'public, no-transform' }],
  ])('is not compressed where it is %s', async (_name, headers) => {
    expect(await invoke(large(headers), alb('gzip'))).toMatchObject({ statusCode: 500 })
  })

  test('counts the escapes of JSON, not the characters', async () => {
    const quotes = '"'.repeat(600_000)
    expect(await invoke(large({}, quotes), alb())).toMatchObject({ statusCode: 500 })
    expect(await invoke(large({}, 'x'.repeat(600_000)), alb())).toMatchObject({ statusCode: 200 })
    expect(await invoke(large({}, 'é'.repeat(600_000)), alb())).toMatchObject({ statusCode: 500 })
  })

  test('stays a 500 where compressing is not enough', async () => {
    const noise = Buffer.concat(Array.from({ length: 18 }, () => crypto.getRandomValues(new Uint8Array(65_536))))
    expect(await invoke(large({}, noise), alb('gzip, br'))).toMatchObject({ statusCode: 500 })
  })
})

test('the first JSON request loads no built-in module, in a process of its own', () => {
  const script = `
    const { toLambdaHandler } = await import(${JSON.stringify(new URL('../src/entry/lambda.ts', import.meta.url).href)})
    const respond = (body) => ({ status: 200, headers: { 'content-type': 'application/json' }, body })
    const handler = toLambdaHandler((request) => respond(request.path === '/bytes' ? Buffer.from('{}') : request.headers.host + request.query))
    const before = new Set(process.moduleLoadList)
    await handler({ httpMethod: 'POST', path: '/', headers: { Host: 'x' }, queryStringParameters: { a: '1' }, body: 'e30=', isBase64Encoded: true })
    await handler({ httpMethod: 'GET', path: '/bytes' })
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))))
  `
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  // Printing loads some; what matters is that nothing else did.
  expect(JSON.parse(output)).toEqual([])
})
