import request from '@expressway/testing'
import { describe, expect, test, vi } from 'vitest'
import { contract, RequestValidationError } from '../../src/contract.ts'
import { type AppOptions, createApp } from '../../src/index.ts'
import { libraries, type Schemas } from './libraries.ts'

function appOf(schemas: Schemas, options?: AppOptions) {
  const app = createApp(options)
  app.get('/items/:id', contract({ params: schemas.params, query: schemas.query }), (req) => req.valid)
  app.get('/me', contract({ headers: schemas.headers, cookies: schemas.cookies }), (req) =>
    Object.keys(req.valid).sort(),
  )
  app.post('/json', contract({ body: schemas.json }), (req) => req.valid.body)
  app.post('/async', contract({ body: schemas.asynchronous }), (req) => req.valid.body)
  app.post('/form', contract({ body: { form: schemas.form, multipart: schemas.form } }), (req) => req.valid.body)
  app.post(
    '/all/:id',
    contract({
      params: schemas.params,
      query: schemas.query,
      headers: schemas.headers,
      cookies: schemas.cookies,
      body: schemas.json,
    }),
    () => 'valid',
  )
  return app
}

/** Where the problems are, in an order of its own. */
const places = (body: { detail: { loc: unknown[] }[] }): string[] => body.detail.map(({ loc }) => loc.join('.')).sort()

describe.each(libraries)('%s', (_name, schemas) => {
  const app = appOf(schemas)

  test('a valid request reaches the handler, on every event source', async () => {
    await request(app)
      .get('/items/7?page=2')
      .viaAll()
      .expect(200, { params: { id: '7' }, query: { page: '2' } })
    await request(app).post('/json').send({ title: 'x', count: 1 }).viaAll().expect(200, { title: 'x', count: 1 })
    await request(app)
      .get('/me')
      .set('x-token', '12345678')
      .set('cookie', 'session=12345678')
      .viaAll()
      .expect(200, ['cookies', 'headers'])
  })

  test('a single value where the schema wants a list is a list of one', async () => {
    await request(app)
      .get('/items/7?page=2&tags=a')
      .viaAll()
      .expect(200, { params: { id: '7' }, query: { page: '2', tags: ['a'] } })
    await request(app)
      .get('/items/7?page=2&tags=a&tags=b')
      .expect(200, { params: { id: '7' }, query: { page: '2', tags: ['a', 'b'] } })
    await request(app)
      .post('/form')
      .type('form')
      .send('title=t&tags=a')
      .viaAll()
      .expect(200, { title: 't', tags: ['a'] })
    await request(app)
      .post('/form')
      .field('title', 't')
      .field('tags', 'a')
      .viaAll()
      .expect(200, { title: 't', tags: ['a'] })
  })

  test('a field that is wrong as one value and as a list keeps its own problem', async () => {
    const { body } = await request(app).get('/items/7?page=no&tags=a').expect(422)
    expect(places(body)).toEqual(['query.page'])
  })

  test('every problem of every part is in one answer', async () => {
    const { body } = await request(app)
      .post('/all/x?page=no')
      .set('x-token', 'short')
      .set('cookie', 'session=short')
      .send({ count: 'one' })
      .viaAll()
      .expect(422)
    expect(body).toMatchObject({ statusCode: 422, message: 'The request is not valid' })
    expect(places(body)).toEqual([
      'body.count',
      'body.title',
      'cookies.session',
      'headers.x-token',
      'params.id',
      'query.page',
    ])
  })

  test('an asynchronous schema is awaited', async () => {
    await request(app).post('/async').send({ title: 'free', count: 1 }).expect(200, { title: 'free', count: 1 })
    const { body } = await request(app).post('/async').send({ title: 'taken', count: 1 }).expect(422)
    expect(body.detail).toEqual([expect.objectContaining({ loc: ['body', 'title'], message: 'is not free' })])
  })

  test('what cannot be parsed is 400, another type 415, a missing body 422', async () => {
    await request(app).post('/json').type('json').send('{').viaAll().expect(400)
    await request(app)
      .post('/json')
      .type('text/plain')
      .send('x')
      .viaAll()
      .expect(415)
      .expect('accept', 'application/json')
    await request(app).post('/json').viaAll().expect(422)
    await request(app).post('/form').send({ title: 't' }).expect(415)
  })

  test('an own __proto__ of the client pollutes nothing', async () => {
    await request(app)
      .post('/json')
      .type('json')
      .send('{"title":"x","count":1,"__proto__":{"polluted":1}}')
      .expect((res) => {
        expect([200, 400, 422]).toContain(res.status)
      })
    await request(app).get('/items/7?page=2&__proto__=x').expect(200)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test('as problem details (RFC 9457)', async () => {
    const { body } = await request(appOf(schemas, { errors: 'problem' }))
      .post('/all/7?page=no')
      .set('x-token', '12345678')
      .set('cookie', 'session=12345678')
      .send({ title: 'x', count: 'one' })
      .expect('content-type', 'application/problem+json')
      .expect(422)
    expect(body).toMatchObject({ type: 'about:blank', status: 422, title: 'The request is not valid' })
    expect(body.errors).toEqual([
      { in: 'query', name: 'page', detail: expect.any(String) },
      { pointer: '#/count', detail: expect.any(String) },
    ])
  })

  test('no answer and no log repeats what the client sent', async () => {
    const canary = 'canary-"secret\n7'
    const lines: unknown[] = []
    const spies = (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((...parts) => void lines.push(parts)),
    )
    const own = appOf(schemas)
    const texts = [
      await request(own)
        .get(`/items/${encodeURIComponent(canary)}?page=${encodeURIComponent(canary)}`)
        .expect(422),
      await request(own).post('/json').send({ title: 7, count: canary }).expect(422),
      await request(own)
        .post('/json')
        .send({ title: { [canary]: canary }, count: [canary] })
        .expect(422),
      await request(own).post('/json').send([canary]).expect(422),
      await request(own)
        .post('/form')
        .type('form')
        .send(`tags=${encodeURIComponent(canary)}`)
        .expect(422),
    ].map(({ text }) => text)
    const secret = 'abc-123'
    texts.push(
      (await request(own).get('/me').set('x-token', secret).set('cookie', `session=${secret}`).expect(422)).text,
    )
    for (const spy of spies) spy.mockRestore()
    for (const text of [...texts, JSON.stringify(lines)]) expect(text).not.toMatch(/canary|secret|abc-123/)
  })
})

describe('the error', () => {
  const [, schemas] = libraries[0]!

  test('goes through onError with its issues', async () => {
    const app = appOf(schemas)
    app.onError(RequestValidationError, (error) => ({
      fields: error.issues.map(({ in: part, path }) => [part, ...path]),
    }))
    await request(app)
      .post('/json')
      .send({})
      .expect(422, {
        fields: [
          ['body', 'title'],
          ['body', 'count'],
        ],
      })
  })

  test('comes before the route’s middleware and handler run', async () => {
    const ran = vi.fn((_req: unknown, _res: unknown, next: () => unknown) => next())
    const app = createApp()
    app.use((_req, res, next) => {
      res.set('x-application', 'yes')
      return next()
    })
    app.post('/', contract({ body: schemas.json }), ran, () => 'x')
    await request(app).post('/').send({}).expect(422).expect('x-application', 'yes')
    expect(ran).not.toHaveBeenCalled()
    await request(app).post('/').send({ title: 'x', count: 1 }).expect(200)
    expect(ran).toHaveBeenCalledOnce()
  })
})

describe('bad contracts are TypeErrors at registration that name the route', () => {
  const schema = libraries[0]![1].json
  const handler = () => 'x'
  test.each<[string, () => unknown, string]>([
    [
      'no schema',
      () => contract({ body: { title: 'x' } as never }),
      'POST /a: body of its contract is a Standard Schema or has json, form, multipart, not title',
    ],
    ['a text', () => contract({ query: 'x' as never }), 'POST /a: query of its contract is not a Standard Schema: x'],
    ['no kind', () => contract({ body: {} }), 'POST /a: body of its contract names no kind: json, form, multipart'],
    [
      'a kind without a schema',
      () => contract({ body: { json: {} as never } }),
      'POST /a: body.json of its contract is not a Standard Schema',
    ],
    [
      'an unknown status',
      () => contract({ response: { 999: schema } }),
      'POST /a: 999 is not a status that an answer can have',
    ],
    [
      'an answer without a schema',
      () => contract({ response: { 200: 'x' as never } }),
      'POST /a: response 200 of its contract is not a Standard Schema: x',
    ],
    [
      'an unknown mode',
      () => contract({}, { answers: 'strict' as never }),
      "POST /a: answers is 'off', 'log' or 'enforce', not strict",
    ],
  ])('%s', (_name, make, message) => {
    expect(() => createApp().post('/a', make() as never, handler)).toThrow(new TypeError(message))
  })

  test.each(['get', 'head'] as const)('a body of %s', (method) => {
    const place = method.toUpperCase()
    expect(() => createApp()[method]('/a', contract({ body: schema }) as never, handler)).toThrow(
      new TypeError(`${place} /a: a contract of ${place} cannot have a body; use query, or another method`),
    )
  })
})
