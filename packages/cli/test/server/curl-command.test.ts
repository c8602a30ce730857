import { execFile } from 'node:child_process'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { WireRequest } from '@expressway/testing/gateway'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { curlCommand } from '../../src/server/curl-command.ts'

const shell = promisify(execFile)

interface Received {
  line: string
  headers: string[]
  body: Buffer
}

let received: Received | undefined
const server = createServer(async (message: IncomingMessage, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  received = { line: `${message.method} ${message.url}`, headers: message.rawHeaders, body: Buffer.concat(chunks) }
  response.end()
})
let origin = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

async function replay(request: WireRequest): Promise<Received> {
  await shell('sh', ['-c', `${curlCommand(request, origin)} --silent --output /dev/null`])
  return received!
}

const pathPart = fc.stringMatching(/^[\w\-.~!$&'()*+,;=:@%[\]{}|^"`<>\\]{0,12}$/)
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
  path: fc.array(pathPart, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
  query: pathPart,
  headers: fc.array(fc.tuple(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.stringMatching(/^([!-~][ -~]{0,20}[!-~])?$/)), {
    maxLength: 4,
  }),
  body: fc.option(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
      fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => Buffer.from(text)),
    ),
    { nil: undefined },
  ),
})

it('sends the same request again through a real shell and curl', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const sent = await replay(request as WireRequest)
      const { method, path, query, headers, body = Buffer.alloc(0) } = request
      expect(sent.line).toBe(`${method} ${path}${query === '' ? '' : `?${query}`}`)
      expect(sent.body).toEqual(Buffer.from(body))
      for (const [name, value] of headers) {
        const values = sent.headers.flatMap((field, at) =>
          at % 2 === 0 && field === name ? [sent.headers[at + 1]] : [],
        )
        expect(values).toContain(value)
      }
    }),
    { numRuns: 60 },
  )
}, 60_000)

it('leaves out what curl says for itself and takes away what curl would add', async () => {
  const headers: [string, string][] = [
    ['Host', 'api.example.com'],
    ['Content-Length', '3'],
    ['Accept-Encoding', 'gzip'],
  ]
  const sent = await replay({ method: 'POST', path: '/', query: '', headers, body: Buffer.from('@a\n') })
  const names = sent.headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
  expect(names).not.toContain('content-type')
  expect(sent.headers).toContain(origin.slice('http://'.length))
  expect(sent.headers).toContain('gzip')
  expect(sent.body.toString()).toBe('@a\n')
  expect((await replay({ method: 'HEAD', path: '/h', query: '', headers: [] })).line).toBe('HEAD /h')
})
