// What Powertools for AWS Lambda (Python) does with validation and OpenAPI, as far as it has an equal here; docs/guide/contracts.md has
// the table of what is the same and what differs.
import request from '@expressway/testing'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { contract } from '../../src/contract.ts'
import { createApp, createRouter, reply } from '../../src/index.ts'
import { openapi } from '../../src/openapi.ts'

const info = { title: 'API', version: '1.0.0' }
const User = z.object({ name: z.string(), age: z.number().int() })

/** Places of the problems of a 422. */
const places = async (answer: PromiseLike<{ body: { detail: { loc: unknown[] }[] } }>): Promise<unknown[]> =>
  (await answer).body.detail.map(({ loc }) => loc)

describe('requests', () => {
  test('scalars of path and query are converted by their schemas', async () => {
    const params = z.object({ id: z.coerce.number().int() })
    const query = z.object({ active: z.stringbool(), limit: z.coerce.number().max(10).default(5) })
    const app = createApp().get('/users/:id', contract({ params, query }), (req) => req.valid)
    await request(app)
      .get('/users/7?active=yes')
      .viaAll()
      .expect(200, { params: { id: 7 }, query: { active: true, limit: 5 } })
    const wrong = request(app).get('/users/x?active=maybe&limit=11').viaAll().expect(422)
    expect(await places(wrong)).toEqual([
      ['params', 'id'],
      ['query', 'active'],
      ['query', 'limit'],
    ])
  })

  test('repeated query parameters and one value are a list', async () => {
    const query = z.object({ ids: z.array(z.coerce.number()) })
    const app = createApp().get('/x', contract({ query }), (req) => req.valid.query.ids)
    // An ALB without multi-value headers and VPC Lattice's first format keep the last value only.
    await request(app).get('/x?ids=1&ids=2').expect(200, [1, 2])
    await request(app).get('/x?ids=1').viaAll().expect(200, [1])
  })

  test('header names are compared without case', async () => {
    const headers = z.object({ 'x-tenant': z.string().min(2) })
    const app = createApp().get('/x', contract({ headers }), (req) => req.valid.headers['x-tenant'])
    await request(app).get('/x').set('X-Tenant', 'blue').viaAll().expect(200, 'blue')
    expect(await places(request(app).get('/x').viaAll().expect(422))).toEqual([['headers', 'x-tenant']])
  })

  test('a nested body names the place of each problem', async () => {
    const body = z.object({ users: z.array(User) })
    const app = createApp().post('/x', contract({ body }), () => 'x')
    const sent = {
      users: [
        { name: 'Ada', age: 36 },
        { name: 1, age: 1.5 },
      ],
    }
    expect(await places(request(app).post('/x').send(sent).viaAll().expect(422))).toEqual([
      ['body', 'users', 1, 'name'],
      ['body', 'users', 1, 'age'],
    ])
  })

  test('a list as body, and a choice by a member', async () => {
    const body = z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), a: z.string() }),
        z.object({ kind: z.literal('b') }),
      ]),
    )
    const app = createApp().post('/x', contract({ body }), (req) => req.valid.body.length)
    await request(app)
      .post('/x')
      .send([{ kind: 'a', a: 'x' }, { kind: 'b' }])
      .viaAll()
      .expect(200, '2')
    expect(
      await places(
        request(app)
          .post('/x')
          .send([{ kind: 'c' }])
          .viaAll()
          .expect(422),
      ),
    ).toEqual([['body', 0, 'kind']])
  })

  test('no body: 422 if the schema needs one, the default otherwise', async () => {
    const app = createApp()
      .post('/needed', contract({ body: User }), () => 'x')
      .post('/optional', contract({ body: User.optional() }), (req) => (req.valid.body === undefined ? 'none' : 'one'))
    expect(await places(request(app).post('/needed').viaAll().expect(422))).toEqual([['body']])
    await request(app).post('/optional').viaAll().expect(200, 'none')
  })

  test('text that is not JSON is 400, another content type 415', async () => {
    const app = createApp().post('/x', contract({ body: User }), () => 'x')
    await request(app).post('/x').type('json').send('{').viaAll().expect(400)
    await request(app).post('/x').type('text/plain').send('x').viaAll().expect(415)
  })

  test('only a route with a contract validates', async () => {
    const app = createApp()
      .post('/checked', contract({ body: User }), () => 'x')
      .post('/free', (req) => req.json())
    await request(app).post('/checked').send({}).viaAll().expect(422)
    await request(app).post('/free').send({ any: 1 }).viaAll().expect(200, { any: 1 })
  })

  test('middleware runs before validation, and an error handler may answer otherwise', async () => {
    const seen: string[] = []
    const app = createApp()
    app.use((req, _res, next) => {
      seen.push(req.path)
      return next()
    })
    app.post('/x', contract({ body: User }), () => 'x')
    await request(app).post('/x').send({}).expect(422)
    expect(seen).toEqual(['/x'])
  })
})

describe('answers', () => {
  test('an answer that its schema refuses is 500, not 422', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const app = createApp().get('/x', contract({ response: User }, { answers: 'enforce' }), () => ({}) as never)
    await request(app).get('/x').expect(500)
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  })

  test('each status has its own schema', async () => {
    const app = createApp().get(
      '/x',
      contract({ response: { 200: User, 404: z.object({ reason: z.string() }) } }, { answers: 'enforce' }),
      () => reply({ status: 404, body: { reason: 'gone' } }),
    )
    await request(app).get('/x').viaAll().expect(404, { reason: 'gone' })
  })

  test('dates are text of ISO 8601, letters of other scripts are themselves', async () => {
    const at = new Date('2026-01-02T03:04:05.000Z')
    const app = createApp().get('/x', contract({ response: z.object({ at: z.date(), who: z.string() }) }), () => ({
      at,
      who: 'Łukasz 東京',
    }))
    const { text } = await request(app).get('/x').viaAll().expect(200)
    expect(text).toBe('{"at":"2026-01-02T03:04:05.000Z","who":"Łukasz 東京"}')
  })
})

describe('the document', () => {
  test('title, version, servers, tags and security of the whole API', () => {
    const { document } = openapi(createApp(), {
      ...info,
      description: 'All of it',
      servers: [{ url: 'https://api.example.com' }],
      tags: [{ name: 'users', description: 'People' }],
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
      security: [{ key: [] }],
    })
    expect(document).toMatchObject({
      info: { ...info, description: 'All of it' },
      servers: [{ url: 'https://api.example.com' }],
      tags: [{ name: 'users', description: 'People' }],
      security: [{ key: [] }],
      components: { securitySchemes: { key: { in: 'header' } } },
    })
  })

  test('an operation has summary, description, tags, id and its deprecation; a hidden route has none', () => {
    const about = { summary: 'S', description: 'D', tags: ['t'], operationId: 'own', deprecated: true }
    const app = createApp()
      .get('/x', contract(about), () => 'x')
      .get('/hidden', contract({ hidden: true }), () => 'x')
    const { paths } = openapi(app, info).document
    expect(paths['/x']!.get).toMatchObject(about)
    expect(Object.keys(paths)).toEqual(['/x'])
  })

  test('routers have their prefixes, and security of a route counts before that of the API', () => {
    const securitySchemes = { jwt: { type: 'http', scheme: 'bearer' } }
    const users = createRouter()
      .get('/', contract({}), () => 'x')
      .get('/open', contract({ security: [] }), () => 'x')
    const { paths } = openapi(createApp().use('/users', users), {
      ...info,
      securitySchemes,
      security: [{ jwt: [] }],
    }).document
    expect(Object.keys(paths)).toEqual(['/users', '/users/open'])
    expect([paths['/users']!.get!.security, paths['/users/open']!.get!.security]).toEqual([undefined, []])
  })

  test('422 is there only where a request is validated, also beside declared answers', () => {
    const app = createApp()
      .post('/checked', contract({ body: User, response: { 201: User } }), () => ({ name: 'Ada', age: 36 }))
      .get('/free', contract({ response: User }), () => ({ name: 'Ada', age: 36 }))
    const { paths } = openapi(app, info).document
    expect(Object.keys(paths['/checked']!.post!.responses)).toEqual(['201', '422'])
    expect(Object.keys(paths['/free']!.get!.responses)).toEqual(['200'])
  })

  test('answers that two routes share do not run into one another', () => {
    const shared = { 404: { description: 'Gone', schema: z.object({ reason: z.string() }) } } as const
    const app = createApp()
      .get('/a', contract({ response: { 200: User, ...shared } }), () => ({ name: 'Ada', age: 36 }))
      .get('/b', contract({ response: { 200: z.string(), ...shared } }), () => 'b')
    const { paths } = openapi(app, info).document
    const schemaOf = (path: string) => paths[path]!.get!.responses[200]!.content!['application/json']!.schema
    expect([schemaOf('/a').type, schemaOf('/b').type]).toEqual(['object', 'string'])
    expect(paths['/a']!.get!.responses[404]).toEqual(paths['/b']!.get!.responses[404])
    expect(openapi(app, info).document).toEqual(openapi(app, info).document)
  })

  test('a model that routes share is there once, by its name', () => {
    const Named = z.object({ id: z.string() }).meta({ id: 'Named' })
    const app = createApp()
      .post('/a', contract({ body: Named }), () => 'a')
      .post('/b', contract({ body: z.object({ inner: Named }) }), () => 'b')
    const { paths, components } = openapi(app, info).document
    expect(Object.keys(components!.schemas!)).toEqual(['Named'])
    const reference = { $ref: '#/components/schemas/Named' }
    expect(paths['/a']!.post!.requestBody!.content['application/json']!.schema).toEqual(reference)
    expect(paths['/b']!.post!.requestBody!.content['application/json']!.schema).toMatchObject({
      properties: { inner: reference },
    })
  })

  test('headers of answers, forms and files', () => {
    const app = createApp().post(
      '/x',
      contract({
        body: { form: z.object({ a: z.string() }), multipart: z.object({ file: z.file() }) },
        response: { 201: { description: 'Made', headers: { location: { description: 'Where' } } } },
      }),
      () => reply({ status: 201 }),
    )
    const { requestBody, responses } = openapi(app, info).document.paths['/x']!.post!
    expect(Object.keys(requestBody!.content)).toEqual(['application/x-www-form-urlencoded', 'multipart/form-data'])
    expect(requestBody!.content['multipart/form-data']!.schema).toMatchObject({
      properties: { file: { type: 'string', format: 'binary' } },
    })
    expect(responses[201]).toMatchObject({ description: 'Made', headers: { location: { description: 'Where' } } })
  })
})
