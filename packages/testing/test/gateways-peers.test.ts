import express from 'express'
import { Hono } from 'hono'
import { handle, streamHandle } from 'hono/aws-lambda'
import { streamText } from 'hono/streaming'
import serverless from 'serverless-http'
import { describe, expect, it } from 'vitest'
import { toWireRequest } from '../src/events.ts'
import { invoke } from '../src/invoke.ts'
import { installStreaming } from '../src/runtime.ts'

// Handlers of other makers, as they are: what they answer must pass the gateways that they are made for.

const request = toWireRequest({ method: 'POST', path: '/echo/a%20b', query: 'q=1', body: { name: 'Ada' } })
const text = (body: Uint8Array) => Buffer.from(body).toString()

const hono = new Hono()
hono.post('/echo/:id', async (context) =>
  context.json({ id: context.req.param('id'), q: context.req.query('q'), body: await context.req.json() }),
)
hono.get('/stream', (context) =>
  streamText(context, async (stream) => {
    for (const word of ['one ', 'two ', 'three']) {
      await stream.write(word)
      await stream.sleep(5)
    }
  }),
)

const app = express()
app.use(express.json())
app.post('/echo/:id', (req, res) => {
  res.cookie('a', '1').cookie('b', '2').json({ id: req.params.id, q: req.query.q, body: req.body })
})

const expected = { id: 'a b', q: '1', body: { name: 'Ada' } }

describe('Hono', () => {
  it.each(['rest-api', 'http-api', 'http-api-v1', 'function-url', 'alb', 'alb-multi-value'] as const)(
    'answers through %s',
    async (gateway) => {
      const { response } = await invoke(handle(hono), request, { gateway })
      expect(response).toMatchObject({ status: 200, warnings: [] })
      expect(JSON.parse(text(response.body))).toEqual(expected)
    },
  )

  it('streams through a function URL', async () => {
    installStreaming()
    const { response, finished } = await invoke(streamHandle(hono), toWireRequest({ path: '/stream' }), {
      gateway: 'function-url',
      gatewayOptions: { invokeMode: 'RESPONSE_STREAM' },
    })
    expect(response).toMatchObject({ status: 200, warnings: [] })
    const parts: string[] = []
    for await (const chunk of response.stream!) parts.push(text(chunk))
    expect(parts.join('')).toBe('one two three')
    expect(parts.length).toBeGreaterThan(1)
    expect(await finished).toBeUndefined()
  })
})

describe('Express behind serverless-http', () => {
  it.each(['rest-api', 'http-api', 'function-url', 'alb-multi-value'] as const)(
    'answers through %s',
    async (gateway) => {
      const { response } = await invoke(serverless(app) as never, request, { gateway })
      expect(response.status).toBe(200)
      expect(JSON.parse(text(response.body))).toEqual(expected)
      const cookies = response.headers.filter(([name]) => name.toLowerCase() === 'set-cookie')
      expect(cookies.map(([, value]) => value)).toEqual(['a=1; Path=/', 'b=2; Path=/'])
    },
  )

  it('loses its cookies on a single-value ALB, which a test now sees', async () => {
    const { response } = await invoke(serverless(app) as never, request, { gateway: 'alb' })
    expect(response.status).toBe(200)
    expect(response.headers.filter(([name]) => name.toLowerCase() === 'set-cookie')).toEqual([])
  })
})
