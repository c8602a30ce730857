import { createHmac } from 'node:crypto'
import { expect } from 'vitest'
import { type Any, type Express, load, type Middleware } from '../scenario.ts'
import { method } from './nest.ts'

/** Whether the `express` that a package finds is the one of the run: with Express, and with the shim under that name. */
const makesItsOwn = (express: Express): boolean => load('express') === express

const zodApi: Middleware = {
  name: 'express-zod-api',
  scenarios: [
    {
      title: 'validates input and output, answers errors, OPTIONS and wrong methods',
      normal: (text) => text.replace(/"stack":"[^"]*"/g, ''),
      build: (express) => {
        const { z } = load('zod')
        const { attachRouting, createConfig, defaultEndpointsFactory } = load('express-zod-api')
        const app = express()
        app.use(express.json())
        const hello = defaultEndpointsFactory.build({
          method: ['get', 'post'],
          input: z.object({ id: z.string().regex(/^\d+$/), name: z.string().optional() }),
          output: z.object({ greetings: z.string() }),
          handler: async ({ input }: Any) => ({ greetings: `Hello, ${input.name ?? 'World'} ${input.id}` }),
        })
        const config = createConfig({
          app,
          cors: true,
          startupLogo: false,
          logger: { level: 'silent' },
          inputSources: { post: ['body', 'params'] },
        })
        const { notFoundHandler } = attachRouting(config, { v1: { hello: { ':id': hello } } })
        app.use(notFoundHandler)
        return app
      },
      async talk(client) {
        const answer = await client.get('/v1/hello/7?name=Ann')
        expect(answer.json()).toEqual({ status: 'success', data: { greetings: 'Hello, Ann 7' } })
        expect((await client.post('/v1/hello/7', { json: { name: 'Bob' } })).json().data.greetings).toBe('Hello, Bob 7')
        expect((await client.get('/v1/hello/x')).status).toBe(400)
        expect((await client.post('/v1/hello/7', { json: { name: 7 } })).status).toBe(400)
        expect((await client.send('OPTIONS', '/v1/hello/7')).headers['access-control-allow-origin']).toBe('*')
        expect((await client.send('DELETE', '/v1/hello/7')).status).toBe(405)
        expect((await client.get('/none')).status).toBe(404)
      },
    },
  ],
}

const routingControllers: Middleware = {
  name: 'routing-controllers',
  scenarios: [
    {
      title: 'controllers with parameters, bodies, headers, redirects, authorization, middleware and errors',
      build: (express) => {
        const routing = load('routing-controllers')
        class Users {
          one(id: number, fields: unknown) {
            return { id, fields }
          }
          create(user: unknown, agent: string) {
            return { user, agent }
          }
          away() {}
          secret() {
            return 'secret'
          }
          fail() {
            throw new routing.NotFoundError('no such user')
          }
          nothing() {}
        }
        const { Authorized, Body, Get, HeaderParam, HttpCode, OnUndefined, Param, Post, QueryParam, Redirect } = routing
        Reflect.defineMetadata('design:paramtypes', [Number, String], Users.prototype, 'one')
        method(Users, 'one', [Get('/one/:id')], [Param('id'), QueryParam('fields')])
        Reflect.defineMetadata('design:paramtypes', [Object, String], Users.prototype, 'create')
        method(Users, 'create', [Post(), HttpCode(201)], [Body(), HeaderParam('user-agent')])
        method(Users, 'away', [Get('/away'), Redirect('/users/one/1')])
        method(Users, 'secret', [Get('/secret'), Authorized()])
        method(Users, 'fail', [Get('/fail')])
        method(Users, 'nothing', [Get('/nothing'), OnUndefined(204)])
        routing.JsonController('/users')(Users)
        const authorizationChecker = ({ request }: Any) => request.headers.authorization === 'yes'
        const options = {
          ...{ controllers: [Users], routePrefix: '/api', validation: false, development: false, authorizationChecker },
        }
        return makesItsOwn(express)
          ? routing.createExpressServer(options)
          : routing.useExpressServer(express(), options)
      },
      async talk(client) {
        expect((await client.get('/api/users/one/7?fields=name')).json()).toEqual({ id: 7, fields: 'name' })
        const made = await client.post('/api/users', { json: { name: 'Ann' }, headers: { 'user-agent': 'a' } })
        expect([made.status, made.json()]).toEqual([201, { user: { name: 'Ann' }, agent: 'a' }])
        expect((await client.get('/api/users/away')).headers.location).toBe('/users/one/1')
        expect((await client.get('/api/users/secret')).status).toBe(401)
        expect((await client.get('/api/users/secret', { authorization: 'yes' })).json()).toBe('secret')
        expect((await client.get('/api/users/fail')).status).toBe(404)
        expect((await client.get('/api/users/nothing')).status).toBe(204)
        expect(
          (await client.post('/api/users', { body: '{', headers: { 'content-type': 'application/json' } })).status,
        ).toBe(400)
      },
    },
  ],
}

const signingSecret = 'secret'

function signed(body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` }
}

const bolt: Middleware = {
  name: '@slack/bolt',
  note: 'Set `processBeforeResponse: true`, as Bolt says for Lambda: what runs after the answer may be frozen.',
  scenarios: [
    {
      title: 'verifies signatures, answers challenges, commands and actions, and has routes of its own',
      build: async (express, { note }) => {
        const { App, ExpressReceiver } = load('@slack/bolt')
        const logger = {
          debug() {},
          info() {},
          warn() {},
          error() {},
          setLevel() {},
          getLevel: () => 'error',
          setName() {},
        }
        const receiver = new ExpressReceiver({
          ...{ signingSecret, processBeforeResponse: true, logger },
          ...(makesItsOwn(express) ? {} : { app: express(), router: express.Router() }),
        })
        if (!makesItsOwn(express)) receiver.app.use(receiver.router)
        receiver.router.get('/health', (_req: Any, res: Any) => void res.send('healthy'))
        const app = new App({
          receiver,
          logger,
          authorize: async () => ({ botToken: 'x', botId: 'B', botUserId: 'U' }),
        })
        app.command('/hello', async ({ command, ack }: Any) => ack(`Hello, ${command.text}`))
        app.event('app_mention', async ({ event }: Any) => note(event.text))
        app.action('press', async ({ ack }: Any) => ack())
        return receiver.app
      },
      async talk(client) {
        expect((await client.get('/health')).text).toBe('healthy')
        const post = (body: string, type: string, headers: Record<string, string> = signed(body)) =>
          client.post('/slack/events', { body, headers: { 'content-type': type, ...headers } })
        const json = (value: unknown) => post(JSON.stringify(value), 'application/json')
        expect((await json({ type: 'url_verification', challenge: 'abc' })).json()).toEqual({ challenge: 'abc' })
        const form = 'application/x-www-form-urlencoded'
        expect((await post('command=%2Fhello&text=Ann&team_id=T&user_id=U&channel_id=C', form)).text).toBe('Hello, Ann')
        const event = { type: 'app_mention', text: 'hi', user: 'U2', channel: 'C', ts: '1', event_ts: '1' }
        expect((await json({ type: 'event_callback', team_id: 'T', event })).status).toBe(200)
        const action = {
          type: 'block_actions',
          team: { id: 'T' },
          user: { id: 'U' },
          channel: { id: 'C' },
          actions: [{ type: 'button', action_id: 'press', block_id: 'b' }],
        }
        expect((await post(`payload=${encodeURIComponent(JSON.stringify(action))}`, form)).status).toBe(200)
        expect((await post('command=%2Fhello', form, { ...signed('other') })).status).toBe(401)
        expect((await post('command=%2Fhello', form, {})).status).toBe(401)
        expect(client.notes).toEqual(['hi'])
      },
    },
  ],
}

const initialize = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}

const mcp: Middleware = {
  name: '@modelcontextprotocol/sdk',
  note: 'Without sessions, one server for each request: another request may reach another execution environment.',
  scenarios: [false, true].map((enableJsonResponse) => ({
    title: `tools over Streamable HTTP, ${enableJsonResponse ? 'as JSON' : 'as events'}, and the metadata of its authorization`,
    build: (express) => {
      const { McpServer } = load('@modelcontextprotocol/sdk/server/mcp.js')
      const { StreamableHTTPServerTransport } = load('@modelcontextprotocol/sdk/server/streamableHttp.js')
      const { mcpAuthMetadataRouter } = load('@modelcontextprotocol/sdk/server/auth/router.js')
      const { z } = load('zod')
      const app = express()
      app.use(express.json())
      app.use(
        mcpAuthMetadataRouter({
          oauthMetadata: {
            ...{ issuer: 'https://auth.example.com/', authorization_endpoint: 'https://auth.example.com/authorize' },
            ...{ token_endpoint: 'https://auth.example.com/token', response_types_supported: ['code'] },
          },
          resourceServerUrl: new URL('https://example.com/mcp'),
        }),
      )
      app.all('/mcp', async (req, res) => {
        const server = new McpServer({ name: 'sums', version: '1.0.0' })
        server.registerTool(
          'add',
          { description: 'Adds', inputSchema: { a: z.number(), b: z.number() } },
          async ({ a, b }: Any) => ({
            content: [{ type: 'text', text: String(a + b) }],
          }),
        )
        const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse })
        res.on('close', () => void transport.close())
        await server.connect(transport)
        await transport.handleRequest(req, res, req.body)
      })
      return app
    },
    async talk(client) {
      const headers = { accept: 'application/json, text/event-stream' }
      const post = (json: unknown) => client.post('/mcp', { json, headers })
      expect((await post(initialize)).text).toContain('"serverInfo":{"name":"sums"')
      const params = { name: 'add', arguments: { a: 2, b: 3 } }
      const called = await post({ jsonrpc: '2.0', id: 2, method: 'tools/call', params })
      expect(called.text).toContain('"text":"5"')
      expect(called.headers['content-type']).toBe(enableJsonResponse ? 'application/json' : 'text/event-stream')
      expect((await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202)
      expect((await client.post('/mcp', { json: initialize })).status).toBe(406)
      expect((await client.send('PUT', '/mcp')).status).toBe(405)
      const metadata = await client.get('/.well-known/oauth-protected-resource/mcp')
      expect(metadata.json()).toMatchObject({ resource: 'https://example.com/mcp' })
    },
  })),
}

/** Toolkits that are given an application, or make one. */
export const toolkits: readonly Middleware[] = [zodApi, routingControllers, bolt, mcp]
