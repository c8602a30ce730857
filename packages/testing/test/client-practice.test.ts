import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import express from 'express'
import multer from 'multer'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import * as everything from '../src/client/client.ts'
import request, { listener } from '../src/client/client.ts'
import { installStreaming } from '../src/runtime.ts'

installStreaming()
const ok = async () => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' })
const failureOf = (test: PromiseLike<unknown>) =>
  Promise.resolve(test).then(
    () => new Error('nothing failed'),
    (error: Error) => error,
  )

describe('an asynchronous expectation', () => {
  test('that rejects fails the test, at the line of the test', async () => {
    const failure = await failureOf(
      request(ok)
        .get('/')
        .expect(async () => {
          await undefined
          throw new Error('not in the database')
        }),
    )
    expect(failure.message).toBe('not in the database')
    expect(failure.stack).toContain('client-practice.test.ts')
  })

  test('that rejects with anything else fails too', async () => {
    const failure = await failureOf(
      request(ok)
        .get('/')
        .expect(() => Promise.reject('no order')),
    )
    expect(failure.message).toBe("the expectation rejected with 'no order'")
  })

  test('is awaited before the next one', async () => {
    const order: string[] = []
    await request(ok)
      .get('/')
      .expect(async () => {
        await new Promise((resolve) => setImmediate(resolve))
        order.push('first')
      })
      .expect(() => void order.push('second'))
    expect(order).toEqual(['first', 'second'])
  })
})

interface UploadedFile {
  fieldname: string
  originalname: string
  mimetype: string
  buffer: Buffer
}

describe('a body of the web', () => {
  const app = express()
  app.post('/form', multer().any(), (req, res) => {
    const files = (req as unknown as { files: UploadedFile[] }).files.map(
      ({ fieldname, originalname, mimetype, buffer }) => [fieldname, originalname, mimetype, buffer.toString()],
    )
    res.json({ fields: req.body, files })
  })
  app.post('/raw', express.raw({ type: () => true }), (req, res) => {
    res.json([req.headers['content-type'], req.body.toString()])
  })

  test('FormData is multipart', async () => {
    const form = new FormData()
    form.append('name', 'ada')
    form.append('tag', 'a')
    form.append('tag', 'b')
    form.append('photo', new File(['bytes'], 'a.png', { type: 'image/png' }))
    form.append('blob', new Blob(['text']))
    await request(app)
      .post('/form')
      .send(form)
      .expect(200, {
        fields: { name: 'ada', tag: ['a', 'b'] },
        files: [
          ['photo', 'a.png', 'image/png', 'bytes'],
          ['blob', 'blob', 'application/octet-stream', 'text'],
        ],
      })
  })

  test('URLSearchParams is a form', async () => {
    await request(app)
      .post('/raw')
      .send(new URLSearchParams({ a: '1 2', b: 'ä' }))
      .expect(200, ['application/x-www-form-urlencoded', 'a=1+2&b=%C3%A4'])
  })

  test('a Blob has its own type', async () => {
    await request(app)
      .post('/raw')
      .send(new Blob(['<a/>'], { type: 'application/xml' }))
      .expect(200, ['application/xml', '<a/>'])
  })
})

describe('a status that was not expected', () => {
  test('says what the gateway found wrong', async () => {
    const failure = await failureOf(
      request(async () => ({ statusCode: 200, body: { a: 1 } }))
        .get('/')
        .expect(200),
    )
    expect(failure.message).toMatch(/^expected 200 "OK", got 50\d .*\n {2}http-api: body is an object/)
  })

  test('names .stream() if the handler streams and the gateway does not', async () => {
    const { awslambda } = globalThis as never as {
      awslambda: { streamifyResponse<T>(handler: T): T }
    }
    const handler = awslambda.streamifyResponse(async (_event: unknown, stream: NodeJS.WritableStream) => {
      stream.end('not JSON')
    })
    const failure = await failureOf(request(handler).get('/').via('rest').expect(200))
    expect(failure.message).toContain('add .stream() to the request')
    await request(handler).get('/').stream().expect(200)
  })
})

describe('Transfer-Encoding: chunked', () => {
  const echo = (req: import('node:http').IncomingMessage, res: import('node:http').ServerResponse) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk) => chunks.push(chunk)).on('end', () => res.end(Buffer.concat(chunks)))
  }
  const chunked = ['Transfer-Encoding', 'chunked'] as const

  test.each(['post', 'put', 'delete', 'get'] as const)(
    '%s without a body is answered as with supertest',
    async (verb) => {
      const expected = await supertest(createServer(echo))
        [verb]('/')
        .set(...chunked)
      const { status, text } = await request(createServer(echo))
        [verb]('/')
        .set(...chunked)
      expect([status, text]).toEqual([expected.status, expected.text])
      expect(status).toBe(200)
    },
  )

  test.each([listener(echo), createServer(echo)])('with a body', async (target) => {
    await request(target)
      .post('/')
      .set(...chunked)
      .send('a=1')
      .expect(200)
    const written = request(target)
      .post('/')
      .set(...chunked)
    written.write('one ')
    written.write('two')
    const { text } = await written
    expect(text).toBe('one two')
  })
})

test('the default export has every other export as a member', () => {
  const { default: callable, ...named } = everything
  expect({ ...callable }).toEqual({ ...named })
})

test("an agent's jar answers as superagent's", async () => {
  const app = express()
  app.get('/', (_req, res) => {
    res.cookie('sid', 'abc', { httpOnly: true, path: '/' })
    res.cookie('day', '1', { expires: new Date('2090-01-01') })
    res.json({})
  })
  const seen = async (agent: { get(path: string): PromiseLike<unknown>; jar: unknown }) => {
    await agent.get('/')
    const jar = agent.jar as InstanceType<typeof everything.CookieJar>
    const access = { domain: '127.0.0.1', path: '/', secure: false, script: false }
    const sid = jar.getCookie('sid', access)!
    const { name, value, path, secure, noscript, expiration_date } = sid
    const day = jar.getCookie('day', access)!.expiration_date
    const lists = jar.getCookies(access)
    return {
      name,
      value,
      path,
      secure,
      noscript,
      expiration_date,
      day,
      text: sid.toValueString(),
      all: lists.toValueString(),
    }
  }
  expect(await seen(request.agent(app) as never)).toEqual(await seen(supertest.agent(app) as never))
})

test('files of a response without any are {}', async () => {
  expect((await request(ok).get('/')).files).toEqual({})
})

describe('a handler that never answers', () => {
  const client = new URL('../src/client/client.ts', import.meta.url).href
  const core = new URL('../../core/src/index.ts', import.meta.url).href
  const script = (target: string) => `
    import request from ${JSON.stringify(client)}
    import { createApp } from ${JSON.stringify(core)}
    const never = (_req, _res) => new Promise(() => {})
    const app = createApp()
    app.get('/', never)
    const failure = await request(${target}, { timeout: 50 }).get('/').expect(200).catch((error) => error)
    console.log(failure.code)
  `

  test.each(['app', 'app.handler', 'request.listener(never)'])('does not hold the process: %s', async (target) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script(target)], {
      env: { ...process.env, NODE_ENV: undefined },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect(output.split('\n')[0]).toBe('ECONNABORTED')
    expect(code).toBe(0)
  })
})

test('a script of node:test passes without a runner of ours and without NODE_ENV', async () => {
  const script = `
    import { test } from 'node:test'
    import request from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
    const handler = async () => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' })
    test('answers', () => request(handler).get('/').expect(200))
  `
  const { NODE_ENV: _env, NODE_TEST_CONTEXT: _context, ...env } = process.env
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: 'ignore' })
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
})
