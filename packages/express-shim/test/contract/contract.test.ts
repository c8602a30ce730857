// The same file under the shim, on every gateway, and under real Express on a server: the answers are those of core.
import { createApp } from '@expressway/core'
import { contract as coreContract } from '@expressway/core/contract'
import request from '@expressway/testing'
import realExpress, { type ErrorRequestHandler } from 'express'
import multer from 'multer'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { libraries, type Schemas } from '../../../core/test/contract/libraries.ts'
import { contract, type RequestErrorsOptions, requestErrors, validate } from '../../src/contract.ts'
import shim from '../../src/index.ts'

type Express = typeof realExpress

afterEach(() => void vi.restoreAllMocks())

function expressApp(express: Express, schemas: Schemas, options?: RequestErrorsOptions) {
  const app = express()
  app.get('/items/:id', validate({ params: schemas.params, query: schemas.query }), (req, res) => {
    res.json({ params: req.params, query: req.query })
  })
  app.get(
    '/me',
    contract({ headers: schemas.headers, cookies: schemas.cookies }, (req, res) =>
      res.json(Object.keys(req.valid).sort()),
    ),
  )
  app.post('/json', validate({ body: schemas.json }), (req, res) => void res.json(req.body))
  app.post(
    '/async',
    contract({ body: schemas.asynchronous }, (req, res) => res.json(req.valid.body)),
  )
  app.post(
    '/form',
    contract({ body: { form: schemas.form, multipart: schemas.form } }, (req, res) => res.json(req.valid.body)),
  )
  app.post(
    '/all/:id',
    validate({
      params: schemas.params,
      query: schemas.query,
      headers: schemas.headers,
      cookies: schemas.cookies,
      body: schemas.json,
    }),
    (_req, res) => void res.send('valid'),
  )
  app.use(requestErrors(options))
  return app
}

function coreApp(schemas: Schemas) {
  const app = createApp()
  app.get('/items/:id', coreContract({ params: schemas.params, query: schemas.query }), (req) => req.valid)
  app.get('/me', coreContract({ headers: schemas.headers, cookies: schemas.cookies }), (req) =>
    Object.keys(req.valid).sort(),
  )
  app.post('/json', coreContract({ body: schemas.json }), (req) => req.valid.body)
  app.post('/async', coreContract({ body: schemas.asynchronous }), (req) => req.valid.body)
  app.post('/form', coreContract({ body: { form: schemas.form, multipart: schemas.form } }), (req) => req.valid.body)
  app.post(
    '/all/:id',
    coreContract({
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

type Client = ReturnType<typeof request>

const requests: [string, (client: Client) => ReturnType<Client['get']>][] = [
  ['valid parameters', (client) => client.get('/items/7?page=2')],
  ['one value of a list', (client) => client.get('/items/7?page=2&tags=a')],
  ['wrong parameters', (client) => client.get('/items/x?page=no')],
  ['a missing query', (client) => client.get('/items/7')],
  [
    'valid headers and cookies',
    (client) => client.get('/me').set('x-token', '12345678').set('cookie', 'session=12345678'),
  ],
  ['missing headers and cookies', (client) => client.get('/me')],
  ['valid JSON', (client) => client.post('/json').send({ title: 'x', count: 1 })],
  ['wrong JSON', (client) => client.post('/json').send({ count: 'one' })],
  ['JSON of another shape', (client) => client.post('/json').send([1])],
  ['no body', (client) => client.post('/json')],
  ['another type', (client) => client.post('/json').type('text/plain').send('x')],
  ['an asynchronous refusal', (client) => client.post('/async').send({ title: 'taken', count: 1 })],
  ['a form', (client) => client.post('/form').type('form').send('title=t&tags=a')],
  ['a wrong form', (client) => client.post('/form').type('form').send('tags=a')],
  ['a multipart form', (client) => client.post('/form').field('title', 't').field('tags', 'a')],
  [
    'two problems of five parts',
    (client) => client.post('/all/x?page=no').set('x-token', 's').set('cookie', 'session=s').send({ count: 'x' }),
  ],
]

describe.each(libraries)('%s: answers as core', (_name, schemas) => {
  const core = coreApp(schemas)
  const ours = expressApp(shim as unknown as Express, schemas)
  const real = expressApp(realExpress, schemas)

  test.each(requests)('%s', async (_what, send) => {
    const expected = await send(request(core))
    const server = await send(request(real))
    expect([server.status, server.body]).toEqual([expected.status, expected.body])
    await send(request(ours))
      .viaAll()
      .expect((res) => expect([res.status, res.body]).toEqual([expected.status, expected.body]))
  })

  test('a list of several values', async () => {
    const listed = { params: { id: '7' }, query: { page: '2', tags: ['a', 'b'] } }
    for (const app of [core, ours, real]) await request(app).get('/items/7?page=2&tags=a&tags=b').expect(200, listed)
  })

  test('JSON that cannot be parsed is 400', async () => {
    for (const app of [ours, real])
      await request(app).post('/json').type('json').send('{').expect(400).expect('content-type', /json/)
  })
})

describe.each([
  ['the shim', shim as unknown as Express],
  ['Express', realExpress],
])('under %s', (_name, express) => {
  const schemas = libraries[0]![1]

  test('problem details (RFC 9457)', async () => {
    const { body } = await request(expressApp(express, schemas, { format: 'problem' }))
      .post('/json')
      .send({ title: 'x', count: 'one' })
      .expect(422)
      .expect('content-type', /^application\/problem\+json/)
    expect(body).toMatchObject({ status: 422, errors: [{ pointer: '#/count' }] })
  })

  test('an own error handler gets status and issues', async () => {
    const app = express()
    app.post('/', validate({ body: schemas.json }), (_req, res) => void res.send('x'))
    const answer: ErrorRequestHandler = (error, _req, res, _next) => {
      res.status(error.status).json(error.issues.map(({ path }: { path: unknown[] }) => path))
    }
    app.use(answer)
    await request(app)
      .post('/')
      .send({})
      .expect(422, [['title'], ['count']])
  })

  test('a body that a parser has read already, and files of multer', async () => {
    const app = express()
    app.post('/json', express.json(), validate({ body: schemas.json }), (req, res) => void res.json(req.body))
    app.post(
      '/files',
      multer().single('file'),
      contract(
        { body: { multipart: z.object({ title: z.string(), file: z.looseObject({ originalname: z.string() }) }) } },
        (req, res) => res.json([req.valid.body.title, req.valid.body.file.originalname]),
      ),
    )
    await request(app).post('/json').send({ title: 'x', count: 1 }).expect(200, { title: 'x', count: 1 })
    await request(app)
      .post('/files')
      .field('title', 't')
      .attach('file', Buffer.from('x'), 'a.txt')
      .expect(200, ['t', 'a.txt'])
  })

  test('enforced answers: no member leaks, and a wrong one is 500', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const app = express().set('env', 'test')
    const Public = z.object({ id: z.number() })
    const Refined = Public.refine(async () => true)
    app.get(
      '/leak',
      contract({ response: Public }, (_req, res) => res.json({ id: 1, password: 'canary' }), { answers: 'enforce' }),
    )
    app.get(
      '/later',
      contract({ response: Refined }, (_req, res) => res.json({ id: 1, password: 'canary' }), { answers: 'enforce' }),
    )
    app.get(
      '/wrong',
      contract({ response: Public }, (_req, res) => res.json({ id: 'one' }), { answers: 'enforce' }),
    )
    app.get(
      '/logged',
      contract({ response: Public }, (_req, res) => res.json({ id: 'one' }), { answers: 'log' }),
    )
    await request(app).get('/leak').expect(200, { id: 1 })
    await request(app).get('/later').expect(200, { id: 1 })
    expect((await request(app).get('/wrong').expect(500)).text).not.toContain('one<')
    await request(app).get('/logged').expect(200, { id: 'one' })
    expect(log.mock.calls).toEqual([[expect.stringMatching(/^expressway: GET \/logged: .*\/id: /)]])
  })
})

test('bad input is a TypeError', () => {
  expect(() => validate({ body: 'x' as never })).toThrow('validate(): body of its contract is not a Standard Schema: x')
  expect(() => contract({}, 'x' as never)).toThrow('contract() needs a handler, not x')
  expect(() => requestErrors({ format: 'xml' as never })).toThrow("format is 'json' or 'problem', not xml")
})
