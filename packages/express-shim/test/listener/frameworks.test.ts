import type { Server } from 'node:http'
import { type ListenerTarget, toHandle, toLambdaHandler } from '@expressway/express-shim/listener'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, type Asked, gateways, onLoopback, throughGateway } from './answers.ts'
import { bytes, frameworks } from './frameworks.ts'

const scenarios: Record<string, Asked & { status: number }> = {
  hello: { path: '/hello/w%C3%B6rld', query: 'q=a%20b', status: 200 },
  'a JSON post': {
    method: 'POST',
    path: '/json',
    headers: [['Content-Type', 'application/json']],
    body: '{"text":"grün","list":[1,2]}',
    status: 201,
  },
  'bytes, up and down': {
    method: 'POST',
    path: '/upload',
    headers: [['Content-Type', 'application/octet-stream']],
    body: bytes,
    status: 200,
  },
  'a download of bytes': { path: '/image', status: 200 },
  'a redirect with two cookies': { path: '/redirect', status: 302 },
  'an answer in chunks': { path: '/stream', status: 200 },
  'an error': { path: '/error', status: 500 },
  'nobody there': { path: '/nobody%20%22here%22/%E2%82%AC', query: 'x=%22', status: 404 },
}

describe.each(Object.entries(frameworks))('%s', (_name, create) => {
  let real: Awaited<ReturnType<typeof onLoopback>>
  let handler: ReturnType<typeof toLambdaHandler>
  const answers = new Map<string, Answer>()

  beforeAll(async () => {
    const target: ListenerTarget = await create()
    handler = toLambdaHandler(target)
    real = await onLoopback(target)
    for (const [name, asked] of Object.entries(scenarios)) answers.set(name, await real.ask(asked))
  })
  afterAll(() => real.close())

  test.each(Object.entries(scenarios))('%s: answers on loopback as the scenario means', (name, { status }) => {
    expect(answers.get(name)!.status).toBe(status)
    const cookies = answers.get(name)!.headers.filter((line) => line.startsWith('set-cookie'))
    expect(cookies).toHaveLength(name.includes('cookies') ? 2 : 0)
    if (name.includes('bytes')) expect(answers.get(name)!.body).toBe(bytes.toString('latin1'))
  })

  describe.each(gateways)('through %s', (gateway) => {
    test.each(Object.entries(scenarios))('%s: answers as on loopback', async (name, asked) => {
      const answer = await throughGateway(handler, asked, gateway)
      // Gateways are reached by TLS and loopback is not: h3's page names the whole URL.
      const body = answer.body.replace('https://shop.example', 'http://shop.example')
      expect({ ...answer, body }).toEqual(answers.get(name))
    })
  })
})

test('an http.Server is its request listeners, and the socket knows it', async () => {
  const { createServer } = await import('node:http')
  const server: Server = createServer(
    (req, res) => void res.end(String((req.socket as { server?: Server }).server === server)),
  )
  server.prependListener('request', (_req, res) => void res.setHeader('x-first', '1'))
  const handle = toHandle(server)
  const asked = { path: '/' }
  expect(await throughGateway(toLambdaHandler(server), asked, 'alb')).toMatchObject({
    body: 'true',
    headers: ['x-first: 1'],
  })
  expect(handle).toBeTypeOf('function')
})
