import { expect } from 'vitest'
import { type Any, load, type Middleware } from '../scenario.ts'

const pets = {
  openapi: '3.0.3',
  info: { title: 'Pets', version: '1.0.0' },
  servers: [{ url: '/v1' }],
  components: {
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
    schemas: {
      Pet: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: {
          id: { type: 'integer' },
          name: { type: 'string', minLength: 2 },
          born: { type: 'string', format: 'date' },
        },
      },
    },
  },
  paths: {
    '/pets': {
      get: {
        parameters: [
          { name: 'limit', in: 'query', required: true, schema: { type: 'integer', minimum: 1 } },
          {
            name: 'tags',
            in: 'query',
            schema: { type: 'array', items: { type: 'string' } },
            style: 'form',
            explode: false,
          },
        ],
        responses: {
          200: {
            description: 'pets',
            content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } } },
          },
        },
      },
      post: {
        security: [{ key: [] }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
        },
        responses: { 200: { description: 'made', content: { 'application/json': { schema: { type: 'object' } } } } },
      },
    },
    '/pets/{id}': {
      get: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: {
          200: {
            description: 'pet',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
          },
        },
      },
    },
    '/pets/{id}/photos': {
      post: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        requestBody: {
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['file'],
                properties: { file: { type: 'string', format: 'binary' }, caption: { type: 'string' } },
              },
            },
          },
        },
        responses: { 200: { description: 'stored', content: { 'application/json': { schema: { type: 'object' } } } } },
      },
    },
  },
}

function validated(express: Any): Any {
  const app = express()
  app.use(express.json(), express.urlencoded())
  app.use(
    load('express-openapi-validator').middleware({
      apiSpec: structuredClone(pets),
      validateRequests: true,
      validateResponses: true,
      validateSecurity: { handlers: { key: (req: Any) => req.get('x-api-key') === 'secret' } },
    }),
  )
  app.get('/v1/pets', (req: Any, res: Any) =>
    res.json([{ id: req.query.limit, name: req.query.tags?.join('+') ?? 'Rex' }]),
  )
  app.post('/v1/pets', (req: Any, res: Any) => res.json({ made: req.body.name }))
  app.get('/v1/pets/:id', (req: Any, res: Any) =>
    res.json(req.params.id === 13 ? { wrong: true } : { id: req.params.id, name: 'Rex' }),
  )
  app.post('/v1/pets/:id/photos', (req: Any, res: Any) => {
    res.json({ body: req.body, files: req.files.map(({ originalname, size }: Any) => [originalname, size]) })
  })
  app.use((error: Any, _req: Any, res: Any, _next: Any) => {
    res.status(error.status ?? 500).json({ message: error.message, errors: error.errors })
  })
  return app
}

const openapiValidator: Middleware = {
  name: 'express-openapi-validator',
  scenarios: [
    {
      title: 'validates and coerces requests, security, responses and uploads by the document',
      build: validated,
      async talk(client) {
        expect((await client.get('/v1/pets?limit=3&tags=a,b')).json()).toEqual([{ id: 3, name: 'a+b' }])
        const ask = async (path: string) => (await client.get(path)).status
        expect(await ask('/v1/pets')).toBe(400)
        expect(await ask('/v1/pets?limit=0')).toBe(400)
        expect(await ask('/v1/pets?limit=1&other=1')).toBe(400)
        expect(await ask('/v1/pets/7')).toBe(200)
        expect(await ask('/v1/pets/x')).toBe(400)
        expect(await ask('/v1/pets/13')).toBe(500)
        expect(await ask('/v1/none')).toBe(404)
        const post = async (json: object, key = 'secret') =>
          (await client.post('/v1/pets', { json, headers: { 'x-api-key': key } })).status
        expect(await post({ name: 'Rex' })).toBe(200)
        expect(await post({ name: 'Rex' }, 'wrong')).toBe(401)
        expect(await post({ name: 'R' })).toBe(400)
        expect(await post({ name: 'Rex', more: 1 })).toBe(400)
        expect((await client.send('DELETE', '/v1/pets')).status).toBe(405)
        expect(
          (await client.send('PUT', '/v1/pets', { body: 'x', headers: { 'content-type': 'text/plain' } })).status,
        ).toBe(405)
        const file = { name: 'file', value: 'bytes', filename: 'rex.png', type: 'image/png' }
        const photo = await client.post('/v1/pets/7/photos', { parts: [file, { name: 'caption', value: 'good dog' }] })
        expect(photo.json()).toMatchObject({ body: { caption: 'good dog' }, files: [['rex.png', 5]] })
      },
    },
  ],
}

const albLimit = 'The script has 1.4 MB, and an ALB accepts 1 MB from a function: put `compression` before it.'

const swaggerUi: Middleware = {
  name: 'swagger-ui-express',
  packages: ['swagger-ui-express'],
  note: 'Behind a stage, open the page with a slash at the end of its path, because its links are relative.',
  scenarios: [
    {
      title: 'the page, its script and style, with options and a document by request',
      build: (express) => {
        const ui = load('swagger-ui-express')
        const app = express()
        const document = structuredClone(pets)
        app.use(
          '/by-host',
          (req: Any, _res: Any, next: Any) => {
            req.swaggerDoc = { ...document, host: req.get('host') }
            next()
          },
          ui.serveFiles(document, {}),
          ui.setup(),
        )
        app.use(
          '/docs',
          ui.serve,
          ui.setup(document, { explorer: true, customCss: '.topbar { display: none }', customSiteTitle: 'Pets' }),
        )
        return app
      },
      async talk(client) {
        const page = await client.get('/docs/')
        expect(page.text).toContain('<title>Pets</title>')
        expect(page.text).toContain('.topbar { display: none }')
        expect((await client.get('/docs/swagger-ui-init.js')).text).toContain('"title": "Pets"')
        const style = await client.get('/docs/swagger-ui.css')
        expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8'])
        expect(
          (await client.get('/docs/swagger-ui.css', { 'if-none-match': style.headers.etag as string })).status,
        ).toBe(304)
        expect((await client.get('/docs/favicon-32x32.png')).bytes.subarray(1, 4).toString()).toBe('PNG')
        expect((await client.get('/docs/package.json')).status).toBe(404)
        expect((await client.get('/by-host/swagger-ui-init.js')).text).toContain('"host": "example.com"')
      },
    },
    {
      title: 'its largest script, compressed',
      build: (express) => {
        const ui = load('swagger-ui-express')
        const app = express()
        app.use(load('compression')())
        app.use('/docs', ui.serve, ui.setup(structuredClone(pets)))
        return app
      },
      async talk(client) {
        const { status, headers } = await client.get('/docs/swagger-ui-bundle.js', { 'accept-encoding': 'gzip' })
        expect([status, headers['content-encoding']]).toEqual([200, 'gzip'])
      },
    },
    {
      title: 'its largest script as it is',
      cannot: { alb: albLimit, 'alb-multi-value': albLimit },
      build: (express) => {
        const ui = load('swagger-ui-express')
        const app = express()
        app.use('/docs', ui.serve, ui.setup(structuredClone(pets)))
        return app
      },
      async talk(client) {
        const { status, bytes } = await client.get('/docs/swagger-ui-bundle.js')
        expect([status, bytes.length > 1_300_000]).toEqual([200, true])
      },
    },
  ],
}

export const documents: readonly Middleware[] = [openapiValidator, swaggerUi]
