import request from '@expressway/testing'
import { describe, expect, it, vi } from 'vitest'
import { createApp, type Response, reply } from '../src/index.ts'

describe('what a client may get wrong is a 400 that names the part', () => {
  const app = createApp()
  app.post('/body', (req) => req.text())
  app.post('/json', (req) => req.json())
  app.get('/query', (req) => ({ ...req.query }))
  app.get('/:name', (req) => req.params.name)

  const answer = async (event: object) => {
    const { statusCode, body } = (await app.handler(event)) as { statusCode: number; body: string }
    return [statusCode, JSON.parse(body).message]
  }

  it('malformed base64', async () =>
    expect(await answer({ httpMethod: 'POST', path: '/body', body: 'no base64!', isBase64Encoded: true })).toEqual([
      400,
      expect.stringContaining('base64'),
    ]))

  it('bad percent-encoding in the path', async () =>
    expect(await answer({ httpMethod: 'GET', path: '/%zz' })).toEqual([
      400,
      'The path has malformed percent-encoding: /%zz',
    ]))

  it('bad percent-encoding in the query', async () => {
    const event = {
      version: '2.0',
      rawPath: '/query',
      rawQueryString: 'a=%zz',
      requestContext: { http: { method: 'GET' } },
    }
    expect(await answer(event)).toEqual([400, 'The query string has malformed percent-encoding: %zz'])
  })

  it('invalid JSON', async () =>
    expect(await answer({ httpMethod: 'POST', path: '/json', body: '{"a":' })).toEqual([
      400,
      expect.stringMatching(/^The request body is not valid JSON: /),
    ]))
})

describe('what would break the wire is an error at the setter', () => {
  it.each([
    ['a line break in a value', (res: Response) => res.set('x-a', 'a\r\nset-cookie: b=1'), TypeError],
    ['a NUL in a value', (res: Response) => res.set('x-a', 'a\0b'), TypeError],
    ['a line break in one of several values', (res: Response) => res.append('x-a', ['a', 'b\nc']), TypeError],
    ['a name with a space', (res: Response) => res.set('x a', 'a'), TypeError],
    ['an empty name', (res: Response) => res.set('', 'a'), TypeError],
    ['a line break in a content type', (res: Response) => res.type('text/html\r\n'), TypeError],
    ['a semicolon in a cookie path', (res: Response) => res.cookie('a', 'b', { path: '/; Domain=evil' }), TypeError],
    ['a cookie named with a space', (res: Response) => res.cookie('a b', 'c'), TypeError],
    ['an unencoded cookie value', (res: Response) => res.cookie('a', 'b;c', { encode: String }), TypeError],
    ['a cookie that lives 1.5 s', (res: Response) => res.cookie('a', 'b', { maxAge: 1.5 }), TypeError],
    ['the status 99', (res: Response) => res.status(99), RangeError],
    ['the status 1000', (res: Response) => res.status(1000), RangeError],
    ['the status 200.5', (res: Response) => res.status(200.5), RangeError],
    ['the status "200"', (res: Response) => res.status('200' as never), RangeError],
  ])('%s', async (_name, write, type) => {
    const app = createApp()
    let thrown: unknown
    app.get('/', (_req, res) => {
      try {
        write(res)
      } catch (error) {
        thrown = error
      }
      return 'ok'
    })
    const res = await request(app).get('/').expect(200, 'ok')
    expect(thrown).toBeInstanceOf(type)
    expect(res.headers).not.toHaveProperty('set-cookie')
  })

  it('a redirect is encoded, so that it cannot split the answer', () => {
    const app = createApp()
    app.get('/', (_req, res) => res.redirect('/a\r\nset-cookie: b=1'))
    return request(app).get('/').expect(302).expect('location', '/a%0D%0Aset-cookie:%20b=1')
  })
})

describe('an answer above the limit', () => {
  const app = createApp()
  app.get('/', () => 'a'.repeat(7 * 1024 * 1024))
  app.get('/random', () => reply({ body: process.getBuiltinModule('node:crypto').randomBytes(5 * 1024 * 1024) }))

  it('is compressed where the client takes it', async () => {
    const result = (await app.handler({ httpMethod: 'GET', path: '/', headers: { 'accept-encoding': 'gzip' } })) as {
      statusCode: number
      headers: Record<string, string>
    }
    expect(result.statusCode).toBe(200)
    expect(result.headers['content-encoding']).toBe('gzip')
  })

  it.each([
    ['text', '/', {}],
    ['what does not compress', '/random', { 'accept-encoding': 'gzip' }],
  ])('is else a 500, and the log says size, limit and the way out: %s', async (_name, path, headers) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { statusCode } = (await app.handler({ httpMethod: 'GET', path, headers })) as { statusCode: number }
    expect(statusCode).toBe(500)
    expect(error.mock.calls.flat().join(' ')).toMatch(/6,?291,?556|6 MB/)
    expect(error.mock.calls.flat().join(' ')).toMatch(/stream/i)
    error.mockRestore()
  })
})

describe('events that are not HTTP', () => {
  const sqs = { Records: [{ eventSource: 'aws:sqs', body: 'x' }] }

  it('go to onOtherEvent', async () => {
    const app = createApp({ onOtherEvent: (event) => ({ got: event }) })
    expect(await app.handler(sqs)).toEqual({ got: sqs })
  })

  it('are else an error that names them', async () => {
    await expect(createApp().handler(sqs)).rejects.toThrow(/SQS.*onOtherEvent/s)
    await expect(createApp().handler(undefined)).rejects.toThrow('undefined')
  })
})

it('1,000 invocations at once on one app never see one another', async () => {
  const app = createApp()
  app.use(async (req, res, next) => {
    req.locals.id = req.headers.get('x-id')
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
    await next()
    res.set('x-after', String(req.locals.id))
  })
  app.post('/:id', async (req, res) => {
    res.cookie('id', req.params.id)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
    return { param: req.params.id, body: req.json(), query: req.query['id'], local: req.locals.id }
  })
  const ids = Array.from({ length: 1000 }, (_, i) => String(i))
  await Promise.all(
    ids.map(async (id) => {
      const event = {
        httpMethod: 'POST',
        path: `/${id}`,
        headers: { 'x-id': id },
        queryStringParameters: { id },
        body: JSON.stringify({ id }),
      }
      const result = (await app.handler(event, { awsRequestId: id })) as {
        headers: Record<string, string>
        body: string
      }
      expect(JSON.parse(result.body)).toEqual({ param: id, body: { id }, query: id, local: id })
      expect(result.headers['x-after']).toBe(id)
    }),
  )
})

it('an event of another source than the pinned one is refused by name', async () => {
  const app = createApp({ source: 'alb' })
  await expect(app.handler({ httpMethod: 'GET', path: '/', resource: '/' })).rejects.toThrow(
    'This is an event of rest-api, but the option source limits',
  )
})
