import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { createApp } from '@expressway/core'
import { gatewayNames } from '@expressway/testing/gateway'
import type { LambdaHandler } from '@expressway/testing/runtime'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { createLocalServer, type LocalServerOptions } from '../src/server.ts'
import { ask, curl, until } from './server-support.ts'

// biome-ignore lint/suspicious/noExplicitAny: each test reads what its own gateway puts into the event
type Event = any

const serve = (handler: LambdaHandler, options?: LocalServerOptions) => createLocalServer(handler, options)
const echo = async (event: Event) => ({ statusCode: 200, body: JSON.stringify(event) })

describe('a local server', () => {
  it.each(gatewayNames)('answers real curl behind %s', async (gateway) => {
    const app = createApp()
    app.get('/hello/:name', (req) => `Hello ${req.params.name}!`)
    app.post('/double', (req) => ({ twice: req.json<{ n: number }>().n * 2 }))
    await using server = await createLocalServer(app, { gateway })
    expect(await curl(`${server.url}/hello/ada?x=1`)).toBe('Hello ada!')
    const twice = await curl('--json', '{"n":21}', '-w', ' %{http_code}', `${server.url}/double`)
    expect(twice).toBe('{"twice":42} 200')
    expect(await curl('-w', ' %{http_code}', `${server.url}/nope`)).toContain(' 404')
  })

  it('serves real supertest', async () => {
    const app = createApp()
    app.get('/orders/:id', (req) => ({ id: req.params.id }))
    app.post('/orders', (req) => [201, 'application/json', JSON.stringify(req.json())])
    await using server = await createLocalServer(app)
    await supertest(server.url).get('/orders/7').expect('content-type', /json/).expect(200, { id: '7' })
    await supertest(server.url).post('/orders').send({ a: 1 }).expect(201, { a: 1 })
  })

  it('hands the request on as it was sent', async () => {
    await using server = await serve(echo, { gateway: 'rest-api' })
    const path = '/a/../b/%2F%zz;x=1'
    const { body } = await ask(server, { path: `${path}?q=%20+&q=2&e`, headers: { 'X-Two': ['a', 'b'] } })
    const event: Event = JSON.parse(body.toString())
    expect(event.path).toBe(path)
    expect(event.multiValueQueryStringParameters['q']).toEqual(['  ', '2'])
    expect(event.multiValueHeaders['X-Two']).toEqual(['a', 'b'])
    expect(event.requestContext.identity.sourceIp).toBe('127.0.0.1')
  })

  it('gives each request ids and a time of its own', async () => {
    const seen: string[] = []
    const handler = async (event: Event, context: Event) => {
      seen.push(event.requestContext.requestId, context.awsRequestId)
      return { statusCode: 200, body: String(event.requestContext.timeEpoch) }
    }
    await using server = await serve(handler)
    const at = Number(await curl(server.url))
    await curl(server.url)
    expect(new Set(seen).size).toBe(4)
    expect(Math.abs(at - Date.now())).toBeLessThan(60_000)
  })

  it('sends several cookies, each on a line of its own', async () => {
    await using server = await serve(async () => ({ statusCode: 200, cookies: ['a=1; Path=/', 'b=2'], body: '' }))
    const { lines } = await ask(server)
    expect(lines.filter(([name]) => name === 'set-cookie')).toEqual([
      ['set-cookie', 'a=1; Path=/'],
      ['set-cookie', 'b=2'],
    ])
  })

  it('carries bytes both ways unchanged', async () => {
    const bytes = randomBytes(700_000)
    const handler = async (event: Event) => {
      const body = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')
      return {
        statusCode: 200,
        headers: { 'content-type': 'application/octet-stream', 'x-length': String(body.length) },
        isBase64Encoded: true,
        body: body.toString('base64'),
      }
    }
    await using server = await serve(handler)
    const headers = { 'content-type': 'application/octet-stream' }
    const { body } = await ask(server, { method: 'POST', headers }, bytes)
    const sha = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
    expect(sha(body)).toBe(sha(bytes))
  })

  it('counts a chunked request body', async () => {
    await using server = await serve(echo)
    const { body } = await ask(server, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, 'twelve bytes')
    expect(JSON.parse(body.toString()).headers).toMatchObject({ 'content-length': '12' })
  })

  it.each([
    ['HEAD', 200, 'gone'],
    ['GET', 204, ''],
    ['GET', 304, ''],
  ])('sends no body for %s with %i', async (method, statusCode, body) => {
    await using server = await serve(async () => ({ statusCode, headers: { etag: '"a"' }, body }))
    const answer = await ask(server, { method })
    expect(answer.status).toBe(statusCode)
    expect(answer.body.length).toBe(0)
    expect(answer.headers.etag).toBe('"a"')
    expect(answer.headers['content-length']).toBe(statusCode === 200 ? '4' : undefined)
    // The connection is good for another request.
    expect(await curl('-w', '%{http_code}', '--head', '-o', '/dev/null', server.url)).toBe(String(statusCode))
  })

  it('sends what cannot stand in a header as far as it can', async () => {
    const logged: string[] = []
    const headers = { 'x-name': 'Zoë ☃', 'x-split': 'a\r\nx-evil: 1', 'bad name': 'x', 'x-good': 'y' }
    await using server = await serve(async () => ({ statusCode: 200, headers, body: 'ok' }), {
      log: (text) => logged.push(text),
    })
    const answer = await ask(server)
    expect(Buffer.from(answer.headers['x-name'] as string, 'latin1').toString()).toBe('Zoë ☃')
    expect(answer.headers).toMatchObject({ 'x-good': 'y' })
    expect(answer.headers).not.toHaveProperty('x-evil')
    expect(answer.body.toString()).toBe('ok')
    await until(() => logged.length > 0)
    expect(logged[0]).toContain('warning: The header "bad name" is left out')
  })

  it.each(gatewayNames)('lets no function speak for the connection behind %s', async (gateway) => {
    const own = { 'transfer-encoding': 'chunked', trailer: 'x-t', 'content-length': '3', connection: 'close', te: 'x' }
    const lists = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, [value]]))
    const isList = gateway === 'alb-multi-value'
    const result = {
      statusCode: 200,
      ...(isList ? { multiValueHeaders: lists } : { headers: own }),
      body: 'whole body',
    }
    await using server = await serve(async () => result, { gateway })
    // Two requests over one connection: the second would find the rest of a body that was cut or went on.
    const args = ['-w', ' %{http_code} %{num_connects};', server.url, server.url]
    expect(await curl(...args)).toBe('whole body 200 1;whole body 200 0;')
  })

  it('refuses a body over the limit of the gateway and lives on', async () => {
    let calls = 0
    const handler = async () => {
      calls++
      return 'ok'
    }
    await using server = await serve(handler)
    const { status, body } = await ask(server, { method: 'POST', path: '/big' }, Buffer.alloc(7 * 1024 * 1024, 'a'))
    expect([status, body.toString()]).toEqual([413, '{"message":"Request Entity Too Large"}'])
    const huge = await curl('-X', 'POST', '-H', 'Expect:', '--data-binary', `@${process.execPath}`, server.url).catch(
      (error) => error.stdout,
    )
    expect(huge).toContain('Too Large')
    expect(calls).toBe(0)
    expect(await curl(server.url)).toBe('ok')
  })

  it('leaves it to the gateway which headers are too large', async () => {
    await using server = await serve(echo)
    const { status, body } = await ask(server, { headers: { 'x-large': 'a'.repeat(20_000) } })
    expect([status, body.toString()]).toEqual([431, '{"message":"Request Header Fields Too Large"}'])
  })

  it('takes a target in absolute form, and refuses one that names no resource', async () => {
    await using server = await serve(echo)
    const { body } = await ask(server, { path: 'http://example.com/abs?x=1' })
    expect(JSON.parse(body.toString())).toMatchObject({ rawPath: '/abs', rawQueryString: 'x=1' })
    expect((await ask(server, { method: 'OPTIONS', path: '*' })).status).toBe(400)
  })

  it.each([
    [{ gateway: 'rest-api' } as const, '/prod/a/b', '/a/b'],
    [{ gateway: 'rest-api' } as const, '/production', '/production'],
    [{ gateway: 'rest-api', gatewayOptions: { stage: 'dev' } } as const, '/dev', '/'],
  ])('takes the stage off links that have it: %o %s', async (options, path, expected) => {
    await using server = await serve(echo, options)
    expect(JSON.parse(await curl(server.url + path)).path).toBe(expected)
  })

  it('answers preflight requests as the gateway whose CORS is on', async () => {
    await using server = await serve(echo, { gatewayOptions: { cors: true } })
    const headers = { origin: 'https://www.example.com', 'access-control-request-method': 'PUT' }
    const answer = await ask(server, { method: 'OPTIONS', headers })
    expect(answer.status).toBe(204)
    expect(answer.headers['access-control-allow-origin']).toBeDefined()
  })

  it('keeps running through errors of the handler and logs them', async () => {
    const logged: string[] = []
    const handler = async (event: Event) => {
      if (event.rawPath === '/fail') throw new RangeError('The database is away')
      return event.rawPath === '/null-body' ? { statusCode: 200, body: 5 } : 'fine'
    }
    await using server = await serve(handler, { log: (text) => logged.push(text) })
    expect(await curl('-w', ' %{http_code}', `${server.url}/fail`)).toBe('{"message":"Internal Server Error"} 500')
    expect(await curl('-w', ' %{http_code}', `${server.url}/null-body`)).toContain(' 500')
    expect(await curl(`${server.url}/ok?a=1`)).toBe('fine')
    await until(() => logged.length === 3)
    expect(logged[0]).toMatch(
      /^GET \/fail 500 [\d.]+ ms 35 B 1 warning\n {2}warning: The function failed with RangeError/,
    )
    expect(logged[0]).toMatch(/\n {2}RangeError: The database is away\n {6}at .*server\.test\.ts/)
    expect(logged[1]).toContain('body is a number')
    expect(logged[2]).toMatch(/^GET \/ok\?a=1 200 [\d.]+ ms 4 B$/)
  })

  it('answers for a handler that takes too long', async () => {
    await using server = await serve(() => new Promise(() => {}), { context: { remainingMs: 50 } })
    expect(await curl('-w', ' %{http_code}', server.url)).toBe('{"message":"Internal Server Error"} 500')
  })

  it('serves many requests at once', async () => {
    // The handler answers only when all 100 have come: a server that took one after the other would time out.
    let underway = 0
    const all = Promise.withResolvers<void>()
    const handler = async (event: Event) => {
      if (++underway === 100) all.resolve()
      await all.promise
      return event.rawPath
    }
    await using server = await serve(handler)
    const paths = Array.from({ length: 100 }, (_, at) => `/${at}`)
    const answers = await Promise.all(paths.map((path) => ask(server, { path })))
    expect(answers.map(({ body }) => body.toString())).toEqual(paths)
  })

  it('says in one sentence that a port is in use, and closes twice without harm', async () => {
    const first = await serve(echo)
    await expect(serve(echo, { port: first.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `Port ${first.port} of 127.0.0.1 is in use: stop what uses it, or choose another port (0 for any that is free).`,
    })
    await Promise.all([first.close(), first.close()])
    await expect(ask(first)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('lets requests finish when it is closed', async () => {
    const called = Promise.withResolvers<void>()
    const result = Promise.withResolvers<string>()
    const handler = () => {
      called.resolve()
      return result.promise
    }
    const server = await serve(handler)
    const answer = ask(server)
    await called.promise
    const closed = server.close()
    result.resolve('done')
    await closed
    expect((await answer).body.toString()).toBe('done')
  })

  it('refuses what is no handler and a gateway that is none', async () => {
    // @ts-expect-error the types say so too
    await expect(createLocalServer({})).rejects.toThrow(
      'createLocalServer takes a Lambda handler or an object with one',
    )
    // @ts-expect-error the types say so too
    await expect(createLocalServer(echo, { gateway: 'nginx' })).rejects.toThrow('Unknown gateway "nginx"')
  })

  it('survives a client that leaves before its request is complete', async () => {
    await using server = await serve(async () => 'ok')
    const socket = connect(server.port, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    expect(await curl(server.url)).toBe('ok')
  })

  it('has no inspect page unless asked for', async () => {
    await using server = await serve(async (event: Event) => `app ${event.rawPath}`)
    expect(await curl(`${server.url}/_expressway`)).toBe('app /_expressway')
    expect(await curl(`${server.url}/_expressway/live`)).toBe('app /_expressway/live')
  })
})
