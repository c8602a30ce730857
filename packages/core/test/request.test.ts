import request from '@expressway/testing'
import { describe, expect, it } from 'vitest'
import { createApp, type FormFile, type Request } from '../src/index.ts'

/** What `read` finds in a request, as JSON. */
const reading = (read: (req: Request) => unknown) => {
  const app = createApp()
  app.all('/{*path}', (req) => ({ read: read(req as unknown as Request) ?? null }))
  return request(app)
}

describe('headers', () => {
  it('are found in any case, one by one or all', async () => {
    const res = await reading((req) => [
      req.headers.get('X-CUSTOM'),
      req.headers.getAll('x-custom'),
      req.headers.has('x-custom'),
      req.headers.has('x-none'),
      req.headers.get('x-none') ?? null,
      req.headers.getAll('x-none'),
      new Map(req.headers).get('x-custom'),
      req.headers.toJSON()['x-custom'],
    ])
      .get('/')
      .set('X-Custom', 'a')
    expect(res.body.read).toEqual(['a', ['a'], true, false, null, [], 'a', 'a'])
  })

  it('named like members of Object.prototype are only names', async () => {
    const res = await reading((req) => [
      req.headers.get('__proto__') ?? null,
      req.headers.get('constructor') ?? null,
      req.headers.has('hasownproperty'),
    ]).get('/')
    expect(res.body.read).toEqual([null, null, false])
  })
})

describe('query', () => {
  it.each([
    ['a=1&b=2&a=3', { a: ['1', '3'], b: '2' }],
    ['a=x%20y+z&%C3%A9=%26%3D', { a: 'x y z', é: '&=' }],
    ['a&b=&=c&&d==e', { a: '', b: '', '': 'c', d: '=e' }],
    ['', {}],
    ['__proto__=1&constructor=2', JSON.parse('{"__proto__":"1","constructor":"2"}')],
  ])('%s', async (query, expected) => {
    const res = await reading((req) => ({ ...req.query }))
      .get(`/?${query}`)
      .expect(200)
    expect(res.body.read).toEqual(expected)
  })

  it('has no prototype', async () => {
    const res = await reading((req) => Object.getPrototypeOf(req.query) === null).get('/?a=1')
    expect(res.body.read).toBe(true)
  })
})

describe('cookies', () => {
  it('are decoded; the first of a name counts', async () => {
    const cookie = 'a=1; b=%C3%A9; c="q"; d=%zz; a=2; broken; e=x=y; __proto__=1'
    const res = await reading((req) => req.cookies)
      .get('/')
      .set('Cookie', cookie)
    expect(res.text).toBe(
      JSON.stringify({ read: JSON.parse('{"a":"1","b":"é","c":"q","d":"%zz","e":"x=y","__proto__":"1"}') }),
    )
  })
})

describe('body', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))

  it('as bytes, to the bit', async () => {
    const res = await reading((req) => Buffer.from(req.bytes()).toString('hex'))
      .post('/')
      .type('application/octet-stream')
      .send(bytes)
    expect(res.body.read).toBe(bytes.toString('hex'))
  })

  it('as text and as JSON', async () => {
    await reading((req) => req.text())
      .post('/')
      .type('text/plain')
      .send('é\u{1f600}')
      .expect({ read: 'é\u{1f600}' })
    await reading((req) => req.json())
      .post('/')
      .send({ a: [1, null] })
      .expect({ read: { a: [1, null] } })
  })

  it('that is not there is empty', async () => {
    await reading((req) => [req.text(), req.bytes().length])
      .get('/')
      .expect({ read: ['', 0] })
    await reading((req) => req.json())
      .get('/')
      .expect(400)
  })

  it('as an urlencoded form', () =>
    reading((req) => ({ ...req.form() }))
      .post('/')
      .type('form')
      .send('a=1&b=x+y&a=2')
      .expect({ read: { a: ['1', '2'], b: 'x y' } }))

  it('as a multipart form with files, to the bit', async () => {
    const read = (req: Request) => {
      const { title, file, list } = req.form()
      const { name, type, bytes: content } = file as FormFile
      return { title, list, name, type, content: Buffer.from(content).toString('hex') }
    }
    await reading(read)
      .post('/')
      .field('title', 'é "quoted"')
      .field('list', ['a', 'b'])
      .attach('file', bytes, { filename: 'a "b".bin', contentType: 'application/x-test' })
      .expect({
        read: {
          title: 'é "quoted"',
          list: ['a', 'b'],
          name: 'a "b".bin',
          type: 'application/x-test',
          content: bytes.toString('hex'),
        },
      })
  })

  it.each([
    ['text/plain', 'a=1', 'The request body is not a form: text/plain'],
    ['multipart/form-data', 'a', 'The multipart form has no boundary in its content-type'],
    ['multipart/form-data; boundary=x', 'a', 'The multipart form lacks its boundary'],
    ['multipart/form-data; boundary=x', '--x\r\n', 'The multipart form is cut off'],
    ['multipart/form-data; boundary=x', '--x\r\nA: b\r\n\r\nc\r\n--x--', 'A part of the multipart form has no name'],
    ['application/x-www-form-urlencoded', 'a=%zz', 'The form has malformed percent-encoding: %zz'],
  ])('%s %j is no form: 400', async (type, body, message) => {
    const req = reading((req) => req.form())
      .post('/')
      .set('Content-Type', type)
    await req.send(body).expect(400, { statusCode: 400, message })
  })
})

describe('exact numbers in JSON, by option', () => {
  const body = '{"big":9007199254740993,"small":1.50,"long":0.1234567890123456789,"exp":1e2,"neg":-0.0,"int":7}'
  const parsed = async (numbers: 'double' | 'exact' | ((digits: string) => unknown)) => {
    const app = createApp({ json: { numbers } })
    app.post('/', (req) => req.json())
    return (await request(app).post('/').type('json').send(body).expect(200)).text
  }

  it('double: as JSON.parse rounds', async () => expect(await parsed('double')).toBe(JSON.stringify(JSON.parse(body))))

  it('exact: BigInt and digits where a double would round', async () =>
    expect(await parsed('exact')).toBe(
      '{"big":"9007199254740993","small":1.5,"long":"0.1234567890123456789","exp":100,"neg":0,"int":7}',
    ))

  it('a function gets the digits', async () =>
    expect(await parsed((digits) => `n${digits}`)).toContain('"long":"n0.1234567890123456789"'))

  it('takes linear time over digits that a client chose', async () => {
    const digits = `1${'0'.repeat(200_000)}1e-5`
    const app = createApp({ json: { numbers: 'exact' } })
    app.post('/', (req) => String(req.json()).length)
    await request(app).post('/').type('json').send(digits).expect(200, String(digits.length))
  })
})

describe('where the request came from', () => {
  it('path, rawPath, method, source, host, ip and ids', async () => {
    const app = createApp()
    app.get('/*path', (req) => ({
      path: req.path,
      rawPath: req.rawPath,
      basePath: req.basePath,
      rawQuery: req.rawQuery,
      source: req.source,
      ip: req.ip,
      protocol: req.protocol,
      hasEvent: typeof req.event === 'object',
      functionName: req.context.functionName,
      hasId: typeof req.requestId === 'string',
      params: req.params.path,
    }))
    const res = await request(app, { gateway: 'http-api' })
      .get('/a/b%20c?x=%20')
      .stage('prod')
      .sourceIp('203.0.113.7')
      .expect(200)
    expect(res.body).toEqual({
      path: '/a/b%20c',
      rawPath: '/prod/a/b%20c',
      basePath: '/prod',
      rawQuery: 'x=%20',
      source: 'http-api',
      ip: '203.0.113.7',
      protocol: 'https',
      hasEvent: true,
      functionName: expect.any(String),
      hasId: true,
      params: ['a', 'b c'],
    })
  })

  it('identity is one shape for every authorizer', async () => {
    const app = createApp()
    app.get('/me', (req) => ({ subject: req.identity?.subject, role: req.identity?.claims?.['role'] }))
    await request(app, { gateway: 'http-api' })
      .get('/me')
      .claims({ sub: 'u1', role: 'admin' })
      .expect({ subject: 'u1', role: 'admin' })
    await request(app, { gateway: 'rest-api' })
      .get('/me')
      .claims({ sub: 'u1', role: 'admin' })
      .expect({ subject: 'u1', role: 'admin' })
  })
})

describe('signal', () => {
  it('fires before the deadline', async () => {
    const app = createApp()
    app.get('/', async (req) => {
      const { signal } = req
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return String(signal.reason)
    })
    const context = { getRemainingTimeInMillis: () => 120 }
    const result = (await app.handler({ httpMethod: 'GET', path: '/' }, context)) as { body: string }
    expect(result.body).toBe('Error: The Lambda function is about to time out')
  })

  it('leaves no timer behind', async () => {
    const app = createApp()
    let signal: AbortSignal | undefined
    app.get('/', (req) => {
      signal = req.signal
      return 'x'
    })
    await app.handler({ httpMethod: 'GET', path: '/' }, { getRemainingTimeInMillis: () => 101 })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(signal?.aborted).toBe(false)
  })
})
