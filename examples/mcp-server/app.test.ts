import { createLocalServer } from '@expressway/cli/server'
import request, { fetchOf } from '@expressway/testing'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { app, handler } from './app.ts'
import { rateOf } from './rates.ts'

vi.mock(import('./rates.ts'), async (original) => ({ rateOf: vi.fn((await original()).rateOf) }))
beforeEach(() => void vi.stubEnv('MCP_TOKEN', 'secret'))
afterEach(() => vi.unstubAllEnvs())

const headers = { authorization: 'Bearer secret' }

/** A client of the SDK, which has said hello to the server. */
async function connect(url: string, fetch?: typeof globalThis.fetch): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers }, fetch }))
  return client
}

const euro = { amount: 2, from: 'EUR', to: 'USD' }
const answer = (text: string) => ({ content: [{ type: 'text', text }] })

it.each(['function-url', 'rest-api', 'http-api', 'alb'] as const)('answers events of %s', async (gateway) => {
  const client = await connect('https://mcp.example/mcp', fetchOf(handler, { gateway }) as typeof fetch)
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['convert', 'history'])
  expect(await client.callTool({ name: 'convert', arguments: euro })).toEqual(answer('2.20'))
  await client.close()
})

describe('over HTTP, behind a function URL that streams', () => {
  it('reports progress while a tool works', async () => {
    await using server = await createLocalServer(handler, { gateway: 'function-url' })
    const client = await connect(`${server.url}/mcp`)
    const firstIsSeen = Promise.withResolvers<void>()
    vi.mocked(rateOf).mockResolvedValueOnce(1.1)
    vi.mocked(rateOf).mockImplementationOnce(() => firstIsSeen.promise.then(() => 1.2))
    const seen: number[] = []
    const onprogress = ({ progress }: { progress: number }) => {
      seen.push(progress)
      firstIsSeen.resolve()
    }
    const history = { name: 'history', arguments: { currency: 'USD', days: 2 } }
    expect(await client.callTool(history, undefined, { onprogress })).toEqual(answer('1.1000\n1.2000'))
    expect(seen).toEqual([1, 2])
    await client.close()
  })

  it('says what is wrong with a call, and goes on', async () => {
    await using server = await createLocalServer(handler, { gateway: 'function-url' })
    const client = await connect(`${server.url}/mcp`)
    const unknown = await client.callTool({ name: 'convert', arguments: { ...euro, to: 'XXX' } })
    expect(unknown).toEqual({ ...answer('XXX is unknown: use EUR, USD, JPY'), isError: true })
    const invalid = await client.callTool({ name: 'convert', arguments: { ...euro, amount: -1 } })
    expect(invalid).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('amount') }] })
    expect(await client.callTool({ name: 'convert', arguments: euro })).toEqual(answer('2.20'))
    await client.close()
  })
})

it.each([undefined, 'Basic secret', 'Bearer other'])('refuses the authorization %s', async (authorization) => {
  const post = request(app).post('/mcp').send({})
  if (authorization !== undefined) post.set('authorization', authorization)
  await post
    .via('http-api')
    .expect(401)
    .expect('www-authenticate', /^Bearer error="invalid_token"/)
})

it('refuses everyone if no token is configured', async () => {
  vi.stubEnv('MCP_TOKEN', '')
  await request(app).post('/mcp').set('authorization', 'Bearer ').send({}).expect(401)
})

it('refuses what is not JSON-RPC', async () => {
  const { body } = await request(app)
    .post('/mcp')
    .set(headers)
    .accept('application/json, text/event-stream')
    .send({ id: 1 })
    .expect(400)
  expect(body).toMatchObject({ jsonrpc: '2.0', error: { code: -32700 } })
})

it.each(['get', 'delete'] as const)('has no sessions: %s', async (method) => {
  await request(app)[method]('/mcp').viaAll().expect(405).expect('allow', 'POST')
})
