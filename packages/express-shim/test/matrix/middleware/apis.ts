import { expect } from 'vitest'
import { type Any, load, type Middleware } from '../scenario.ts'

function appRouter(note: (...values: unknown[]) => void): Any {
  const { initTRPC, TRPCError } = load('@trpc/server')
  const { z } = load('zod')
  const t = initTRPC.context().create({ isDev: false })
  return t.router({
    hello: t.procedure.input(z.string().optional()).query(({ input, ctx }: Any) => `hello ${input ?? ctx.user}`),
    add: t.procedure.input(z.object({ text: z.string().min(1) })).mutation(({ input }: Any) => {
      note(input.text)
      return { added: input.text }
    }),
    secret: t.procedure.query(() => {
      throw new TRPCError({ code: 'UNAUTHORIZED', message: 'not you' })
    }),
    numbers: t.procedure.query(async function* () {
      yield 1
      await null
      yield 2
    }),
    ticks: t.procedure.subscription(async function* () {
      yield 'tick'
      yield 'tock'
    }),
  })
}

const trpc: Middleware = {
  name: "@trpc/server's express adapter",
  packages: ['@trpc/server'],
  note: 'Subscriptions and streamed batches arrive as they happen if the source streams; on other sources they arrive whole.',
  scenarios: [
    {
      title: 'queries, mutations, batches, errors, context, streams and subscriptions',
      build: (express, { note }) => {
        const { createExpressMiddleware } = load('@trpc/server/adapters/express')
        const createContext = ({ req, res, info }: Any) => {
          res.setHeader('X-Calls', String(info.calls.length))
          return { user: req.get('x-user') ?? 'nobody' }
        }
        const onError = ({ error, path }: Any) => note(path, error.code)
        const responseMeta = ({ type }: Any) => ({ headers: new Map([['x-kind', type]]) })
        const app = express()
        app.use('/trpc', createExpressMiddleware({ router: appRouter(note), createContext, onError, responseMeta }))
        return app
      },
      async talk(client) {
        const input = (value: unknown): string => encodeURIComponent(JSON.stringify(value))
        const hello = await client.get(`/trpc/hello?input=${input('ann')}`)
        expect(hello.json()).toEqual({ result: { data: 'hello ann' } })
        expect((await client.get('/trpc/hello', { 'x-user': 'bob' })).json()).toEqual({ result: { data: 'hello bob' } })
        expect((await client.post('/trpc/add', { json: { text: 'grüße' } })).json()).toEqual({
          result: { data: { added: 'grüße' } },
        })
        expect((await client.post('/trpc/add', { json: { text: '' } })).status).toBe(400)
        expect((await client.get('/trpc/secret')).status).toBe(401)
        expect((await client.get('/trpc/none')).status).toBe(404)
        expect((await client.get('/trpc/add')).status).toBe(405)
        const batch = await client.get(`/trpc/hello,secret?batch=1&input=${input({ 0: 'ann' })}`)
        expect([batch.status, batch.json()[0].result.data]).toEqual([207, 'hello ann'])
        const stream = await client.get(`/trpc/numbers,hello?batch=1&input=${input({})}`, {
          'trpc-accept': 'application/jsonl',
        })
        expect(stream.text).toContain('hello nobody')
        const events = await client.get('/trpc/ticks', { accept: 'text/event-stream' })
        expect(events.headers['content-type']).toBe('text/event-stream')
        expect(events.text).toMatch(/data: "tick"\n[\s\S]*data: "tock"\n/)
      },
    },
    {
      title: 'behind express.json(), and with a body that is too large',
      build: (express, { note }) => {
        const { createExpressMiddleware } = load('@trpc/server/adapters/express')
        const app = express()
        const options = { router: appRouter(note), maxBodySize: 40 }
        app.use('/parsed', express.json(), createExpressMiddleware(options))
        app.use('/trpc', createExpressMiddleware(options))
        return app
      },
      async talk(client) {
        expect((await client.post('/parsed/add', { json: { text: 'a' } })).json().result.data).toEqual({ added: 'a' })
        expect((await client.post('/trpc/add', { json: { text: 'x'.repeat(50) } })).status).toBe(413)
      },
    },
  ],
}

function graphqlSchema(): Any {
  const { GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString } = load('graphql')
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        hello: {
          type: GraphQLString,
          args: { name: { type: GraphQLString } },
          resolve: (_root: Any, { name }: Any) => `hello ${name ?? 'world'}`,
        },
        user: { type: GraphQLString, resolve: (_root: Any, _args: Any, context: Any) => context.user },
        fail: { type: GraphQLString, resolve: () => Promise.reject(new Error('oh')) },
        list: { type: new GraphQLList(GraphQLInt), resolve: async () => [1, 2] },
      },
    }),
    mutation: new GraphQLObjectType({
      name: 'Mutation',
      fields: {
        add: { type: GraphQLInt, args: { a: { type: GraphQLInt } }, resolve: (_root: Any, { a }: Any) => a + 1 },
      },
    }),
  })
}

const query = (text: string, variables = {}): { json: object } => ({ json: { query: text, variables } })

const graphqlHttp: Middleware = {
  name: 'graphql-http',
  packages: ['graphql-http', 'graphql'],
  scenarios: [
    {
      title: 'GET and POST, variables, media types, context, and each kind of error',
      build: (express) => {
        const { createHandler } = load('graphql-http/lib/use/express')
        const app = express()
        const context = (req: Any) => {
          req.context.res.setHeader('X-Context', 'yes')
          return { user: req.raw.get('x-user') ?? null }
        }
        app.all('/graphql', createHandler({ schema: graphqlSchema(), context }))
        return app
      },
      async talk(client) {
        const answer = await client.post('/graphql', query('query($n: String) { hello(name: $n) list }', { n: 'ann' }))
        expect(answer.json()).toEqual({ data: { hello: 'hello ann', list: [1, 2] } })
        expect(answer.headers['x-context']).toBe('yes')
        expect((await client.get('/graphql?query=%7Bhello%7D')).json().data).toEqual({ hello: 'hello world' })
        expect(
          (await client.post('/graphql', { ...query('{user}'), headers: { 'x-user': 'bob' } })).json().data.user,
        ).toBe('bob')
        const typed = { accept: 'application/graphql-response+json' }
        expect((await client.post('/graphql', { ...query('{nothing}'), headers: typed })).status).toBe(400)
        expect((await client.post('/graphql', query('{nothing}'))).json().errors).toHaveLength(1)
        expect((await client.post('/graphql', query('{fail}'))).json()).toMatchObject({ data: { fail: null } })
        expect((await client.get('/graphql?query=mutation%7Badd(a:1)%7D')).status).toBe(405)
        expect((await client.post('/graphql', query('mutation { add(a: 1) }'))).json().data.add).toBe(2)
        expect(
          (await client.post('/graphql', { body: '{', headers: { 'content-type': 'application/json' } })).status,
        ).toBe(400)
        expect((await client.post('/graphql', { body: 'x', headers: { 'content-type': 'text/plain' } })).status).toBe(
          415,
        )
        expect((await client.post('/graphql', { ...query('{hello}'), headers: { accept: 'image/png' } })).status).toBe(
          406,
        )
        expect((await client.send('DELETE', '/graphql')).headers.allow).toBe('GET, POST')
      },
    },
    {
      title: 'behind express.json()',
      build: (express) => {
        const app = express()
        app.use(express.json())
        app.all('/graphql', load('graphql-http/lib/use/express').createHandler({ schema: graphqlSchema() }))
        return app
      },
      async talk(client) {
        expect((await client.post('/graphql', query('{hello}'))).json().data).toEqual({ hello: 'hello world' })
      },
    },
  ],
}

const apollo: Middleware = {
  name: 'Apollo Server (@as-integrations/express5)',
  packages: ['@apollo/server', '@as-integrations/express5'],
  scenarios: [
    {
      title: 'queries, mutations, context, errors, CSRF prevention, batches and the landing page',
      ignore: ['etag'],
      normal: (text) => text.replace(/nonce[-=]"?[\w+/=-]+/g, '<nonce>'),
      async build(express, { note, after }) {
        const { ApolloServer } = load('@apollo/server')
        const { expressMiddleware } = load('@as-integrations/express5')
        const server = new ApolloServer({
          typeDefs:
            'type Query { hello(name: String): String, user: String, fail: String } type Mutation { add(a: Int): Int }',
          resolvers: {
            Query: {
              hello: (_root: Any, { name }: Any) => `hello ${name ?? 'world'}`,
              user: (_root: Any, _args: Any, context: Any) => context.user,
              fail: () => Promise.reject(new Error('oh')),
            },
            Mutation: { add: (_root: Any, { a }: Any) => a + 1 },
          },
          allowBatchedHttpRequests: true,
          includeStacktraceInErrorResponses: false,
          logger: { debug() {}, info() {}, warn() {}, error: (message: string) => note(message) },
          plugins: [
            {
              requestDidStart: async () => ({
                willSendResponse: async ({ response }: Any) => response.http.headers.set('x-plugin', 'yes'),
              }),
            },
          ],
        })
        await server.start()
        after(() => server.stop())
        const app = express()
        const context = async ({ req }: Any) => ({ user: req.get('x-user') ?? null })
        app.use('/graphql', load('cors')(), express.json(), expressMiddleware(server, { context }))
        return app
      },
      async talk(client) {
        const answer = await client.post('/graphql', query('query($n: String) { hello(name: $n) }', { n: 'ann' }))
        expect(answer.json()).toEqual({ data: { hello: 'hello ann' } })
        expect(answer.headers).toMatchObject({ 'x-plugin': 'yes', 'cache-control': 'no-store' })
        expect(
          (await client.post('/graphql', { ...query('{user}'), headers: { 'x-user': 'bob' } })).json().data.user,
        ).toBe('bob')
        expect((await client.post('/graphql', query('{nothing}'))).status).toBe(400)
        expect((await client.post('/graphql', query('{fail}'))).json().data).toEqual({ fail: null })
        const flight = { 'apollo-require-preflight': 'true' }
        expect((await client.get('/graphql?query=%7Bhello%7D', flight)).json().data).toEqual({ hello: 'hello world' })
        expect((await client.get('/graphql?query=%7Bhello%7D')).status).toBe(400)
        expect((await client.get('/graphql?query=mutation%7Badd(a:1)%7D', flight)).status).toBe(405)
        const batch = await client.post('/graphql', { json: [{ query: '{hello}' }, { query: '{user}' }] })
        expect(batch.json()).toHaveLength(2)
        expect((await client.get('/graphql', { accept: 'text/html' })).text).toContain('<!DOCTYPE html>')
        const preflight = await client.send('OPTIONS', '/graphql', {
          headers: { 'access-control-request-method': 'POST' },
        })
        expect(preflight.status).toBe(204)
      },
    },
  ],
}

const nextConnect: Middleware = {
  name: 'next-connect',
  scenarios: [
    {
      title: 'routers of its own inside the application, with wrapped Express middleware and error handlers',
      build: (express, { note }) => {
        const { createRouter, expressWrapper } = load('next-connect')
        const router = createRouter()
        router.use(expressWrapper(load('cors')()), expressWrapper(express.json()))
        router.use(async (req: Any, _res: Any, next: Any) => {
          await next()
          note(`${req.method} ${req.url} done`)
        })
        router.get('/users/:id', async (req: Any, res: Any) => {
          await null
          res.json({ id: req.params.id, query: req.query })
        })
        router.post('/users', (req: Any, res: Any) => res.status(201).json(req.body))
        router.get('/fail', async () => {
          throw Object.assign(new Error('no access'), { statusCode: 403 })
        })
        const onError = (error: Any, _req: Any, res: Any) => res.status(error.statusCode ?? 500).end(error.message)
        const onNoMatch = (req: Any, res: Any) => res.status(404).end(`no ${req.url}`)
        const app = express()
        app.use('/api', router.handler({ onError, onNoMatch }))
        return app
      },
      async talk(client) {
        const { text, headers } = await client.get('/api/users/7?a=1')
        expect([JSON.parse(text), headers['access-control-allow-origin']]).toEqual([
          { id: '7', query: { a: '1' } },
          '*',
        ])
        expect((await client.post('/api/users', { json: { name: 'ann' } })).json()).toEqual({ name: 'ann' })
        expect((await client.get('/api/fail')).text).toBe('no access')
        expect((await client.get('/api/none')).status).toBe(404)
        expect((await client.send('HEAD', '/api/users/7')).status).toBe(200)
        expect(await client.noted(3)).toEqual(['GET /users/7?a=1 done', 'POST /users done', 'HEAD /users/7 done'])
      },
    },
  ],
}

export const apis: readonly Middleware[] = [trpc, graphqlHttp, apollo, nextConnect]
