import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contract } from '../../src/contract.ts'
import { createApp, createRouter } from '../../src/index.ts'
import { type OpenApiTarget, openapi } from '../../src/openapi.ts'
import { faultsOf } from './validators.ts'

const info = { title: 'Todos', version: '1.0.0' }
const targets: OpenApiTarget[] = ['3.1', '3.0']

const Pet = z.object({ name: z.string().default('x'), born: z.date().optional() }).meta({ id: 'Pet' })
const Tree = z
  .object({
    value: z.number().positive(),
    get children() {
      return z.array(Tree)
    },
  })
  .meta({ id: 'Tree' })
const Node = z.object({
  value: z.union([z.string(), z.number()]).nullable(),
  get next() {
    return Node.optional()
  },
})

/** What people write, in three libraries: one of each shape that conversions get wrong. */
function library() {
  const app = createApp()
  app.post(
    '/pets/:kind',
    contract({
      body: Pet,
      response: { 201: Pet, 404: z.object({ reason: z.literal('unknown') }) },
      tags: ['pets'],
      summary: 'Adds a pet',
    }),
    () => ({ name: 'x' }),
  )
  app.get(
    '/trees',
    contract({
      query: z.object({ depth: z.coerce.number().int().min(1), tag: z.array(z.string()).optional() }),
      response: Tree,
    }),
    () => ({ value: 1, children: [] }),
  )
  app.put('/nodes', contract({ body: Node, response: z.tuple([z.string(), Node]) }), () => ['x', { value: 1 }] as never)
  app.get(
    '/ark/:id',
    contract({ params: type({ id: 'string.numeric' }), response: type({ at: 'Date', kind: "'a' | 'b'" }) }),
    () => ({ at: new Date(), kind: 'a' }) as const,
  )
  app.post(
    '/valibot',
    contract({
      body: toStandardJsonSchema(v.object({ at: v.date(), n: v.nullable(v.pipe(v.number(), v.minValue(1))) })) as never,
      headers: toStandardJsonSchema(v.object({ 'x-a': v.string() })) as never,
    }),
    () => 'x',
  )
  app.post(
    '/upload',
    contract({
      body: { form: z.object({ a: z.string() }), multipart: z.object({ file: z.file() }) },
      response: { 204: null },
    }),
    () => undefined,
  )
  app.get('/files/*path', () => 'no contract')
  app.get('/opt{/:page}', contract({ hidden: false }), () => 'x')
  app.get('/hidden', contract({ hidden: true }), () => 'x')
  app.use(
    '/admin',
    createRouter().delete('/users/:id', contract({ security: [{ jwt: ['admin'] }] }), () => undefined),
  )
  return app
}

const options = { ...info, securitySchemes: { jwt: { type: 'http', scheme: 'bearer' } } }

describe.each(targets)('OpenAPI %s', (target) => {
  const { document, warnings } = openapi(library(), { ...options, target })

  test('is what validators accept', async () => {
    expect(await faultsOf(document)).toEqual([])
  })

  test('has every route that is not hidden, with or without a contract', () => {
    expect(Object.keys(document.paths)).toEqual([
      '/pets/{kind}',
      '/trees',
      '/nodes',
      '/ark/{id}',
      '/valibot',
      '/upload',
      '/files/{path}',
      '/opt/{page}',
      '/opt',
      '/admin/users/{id}',
    ])
    expect(document.paths['/files/{path}']!.get!.parameters).toEqual([
      expect.objectContaining({ name: 'path', in: 'path', required: true, schema: { type: 'string' } }),
    ])
  })

  test('has shared and recursive schemas once, with references that lead to them', () => {
    const { schemas } = document.components!
    expect(Object.keys(schemas!).sort()).toEqual([
      'Pet',
      'PetOutput',
      'PutNodesBody',
      'PutNodesResponse200schema0',
      'Tree',
    ])
    expect(JSON.stringify(document)).not.toMatch(/#\/\$defs|"\$ref":"#"|\$schema/)
  })

  test('says which answers a request that is not valid gets', () => {
    expect(document.paths['/pets/{kind}']!.post!.responses['422']).toBeDefined()
    expect(document.paths['/files/{path}']!.get!.responses['422']).toBeUndefined()
  })

  test('warns of nothing that it can say', () => expect(warnings).toEqual([]))
})

describe('for API Gateway', () => {
  const { document, warnings } = openapi(library(), { ...options, target: 'api-gateway' })

  test('has greedy parameters, an integration for every route, and nothing that the import refuses', async () => {
    expect(Object.keys(document.paths)).toContain('/files/{path+}')
    for (const item of Object.values(document.paths))
      for (const operation of Object.values(item)) expect(operation['x-amazon-apigateway-integration']).toBeDefined()
    expect(JSON.stringify(document.components!.schemas)).not.toMatch(
      /"(default|example|exclusiveMinimum|nullable|\$defs)":/,
    )
    expect(warnings).toEqual([])
  })

  test('leaves out what the gateway cannot route, and says so', () => {
    const app = createApp()
      .get('/a-:b', () => 'x')
      .get('/*path/end', () => 'x')
    const odd = openapi(app, { ...info, target: 'api-gateway' })
    expect(Object.keys(odd.document.paths)).toEqual([])
    expect(odd.warnings).toEqual([expect.stringContaining('/a-{b}: '), expect.stringContaining('/{path}/end: ')])
  })
})

describe('what validators would refuse is a TypeError that names the route', () => {
  const body = z.object({ a: z.string() })
  test.each<[string, () => ReturnType<typeof createApp>, RegExp]>([
    [
      'one operationId twice',
      () =>
        createApp()
          .get('/a', contract({ operationId: 'x' }), () => 'x')
          .get('/b', contract({ operationId: 'x' }), () => 'x') as never,
      /^GET \/b and GET \/a have the same operationId, x: rename one$/,
    ],
    [
      'an undeclared security scheme',
      () => createApp().get('/a', contract({ security: [{ jwt: [] }] }), () => 'x') as never,
      /^GET \/a needs the security scheme jwt, which securitySchemes does not declare \(it has: none\)$/,
    ],
    [
      'a path parameter that is not in the path',
      () => createApp().get('/a/:b', contract({ params: z.object({ c: z.string() }) }), () => 'x') as never,
      /^GET \/a\/\{b\}: params of its contract need c, which is not in the path$/,
    ],
    [
      'two schemas of one name',
      () => {
        const one = z.object({ a: z.string() }).meta({ id: 'Same' })
        const two = z.object({ b: z.string() }).meta({ id: 'Same' })
        z.globalRegistry.remove(one)
        z.globalRegistry.remove(two)
        const schema = (member: string) =>
          ({
            '~standard': {
              version: 1,
              vendor: 'x',
              validate: (value: unknown) => ({ value }),
              jsonSchema: {
                input: () => ({ $ref: '#/$defs/Same', $defs: { Same: { type: 'object', required: [member] } } }),
              },
            },
          }) as never
        return createApp()
          .post('/a', contract({ body: schema('a') }), () => 'x')
          .post('/b', contract({ body: schema('b') }), () => 'x') as never
      },
      /^POST \/b and POST \/a have two different schemas of the name Same: rename one$/,
    ],
    [
      'one path with two names of a parameter',
      () =>
        createApp()
          .get('/a/:b', () => 'x')
          .post('/a/:c', contract({ body }), () => 'x') as never,
      /^\/a\/\{c\} and \/a\/\{b\} are the same path with other names of parameters: use the same names$/,
    ],
    [
      'a reference that leads nowhere',
      () => {
        const dangling = {
          '~standard': {
            version: 1,
            vendor: 'x',
            validate: (value: unknown) => ({ value }),
            jsonSchema: { input: () => ({ $ref: '#/components/schemas/Nothing' }) },
          },
        } as never
        return createApp().post('/a', contract({ body: dangling }), () => 'x') as never
      },
      /^\/a: the reference #\/components\/schemas\/Nothing leads nowhere$/,
    ],
  ])('%s', (_name, make, message) => {
    expect(() => openapi(make(), info)).toThrow(TypeError)
    expect(() => openapi(make(), info)).toThrow(message)
  })

  test('bad options', () => {
    expect(() => openapi(createApp(), {} as never)).toThrow('openapi() needs the title and the version of the API')
    expect(() => openapi(createApp(), { ...info, target: '2.0' as never })).toThrow(
      "target is '3.1', '3.0' or 'api-gateway', not 2.0",
    )
    expect(() => openapi({}, info)).toThrow('An application is one of createApp() or express(), or a router of either')
  })
})

describe('warnings name the route, the place and the fix', () => {
  test.each<[string, unknown, RegExp]>([
    [
      'a schema without JSON Schema',
      v.string(),
      /^POST \/a: Body: Valibot schemas have no JSON Schema of their own: wrap/,
    ],
    [
      'what Zod cannot represent',
      z.object({ m: z.map(z.string(), z.string()) }),
      /^POST \/a: Body: map at properties\.m has no JSON Schema$/,
    ],
    ['what ArkType cannot represent', type({ s: 'symbol' }), /^POST \/a: Body: symbol has no JSON Schema$/],
  ])('%s', (_name, schema, warning) => {
    const { document, warnings } = openapi(
      createApp().post('/a', contract({ body: schema as never }), () => 'x'),
      info,
    )
    expect(warnings).toEqual([expect.stringMatching(warning)])
    expect(document.paths['/a']!.post!.requestBody).toBeDefined()
  })

  test('a regular expression, a method that OpenAPI does not have, and a route that is registered twice', () => {
    const app = createApp()
      .get(/^\/a/, () => 'x')
      .route('PROPFIND', '/b', () => 'x')
      .get('/c', () => 'x')
      .get('/c', () => 'y')
    const { document, warnings } = openapi(app, info)
    expect(Object.keys(document.paths)).toEqual(['/c'])
    expect(warnings).toEqual([
      'GET /^\\/a/: a document cannot describe a regular expression; left out',
      'PROPFIND /b: OpenAPI has no such method; left out',
      'GET /c is registered twice: the document describes the first',
    ])
  })
})
