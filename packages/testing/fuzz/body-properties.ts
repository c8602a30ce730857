import { strict as assert } from 'node:assert'
import { createApp, type FormFile } from '@expressway/core'
import shim from '@expressway/express-shim'
import { toLambdaHandler } from '@expressway/express-shim/listener'
import express from 'express'
import fc from 'fast-check'
import { type GatewayName, gateway, gatewayNames } from '../src/gateway.ts'
import { type Property, property } from './property.ts'

type Handler = (event: unknown, context: object) => Promise<unknown>

let received: Buffer | undefined
const take = (body: unknown): string => {
  received = Buffer.isBuffer(body) ? body : undefined
  return 'ok'
}
const rawApplication = (create: typeof express) =>
  create().use(create.raw({ type: () => true }), (req, res) => void res.send(take(req.body)))

const applications: [name: string, Handler][] = [
  ['core', createApp().post('/', (req) => take(req.bytes())).handler as Handler],
  ['the shim', (rawApplication(shim as unknown as typeof express) as unknown as { handler: Handler }).handler],
  ['Express behind the listener', toLambdaHandler(rawApplication(express) as never) as Handler],
]

let form: Record<string, unknown> = {}
const formHandler = createApp().post('/', (req) => {
  form = req.form()
  return 'ok'
}).handler as Handler

const bytes = fc.array(fc.nat(255), { maxLength: 200 })

async function send(name: GatewayName, handler: Handler, body: Uint8Array, type: string): Promise<void> {
  const request = {
    method: 'POST',
    path: '/',
    query: '',
    headers: [['content-type', type]] as [string, string][],
    body,
  }
  const event = JSON.parse(JSON.stringify(gateway(name).toEvent(request, { binaryMediaTypes: ['*/*'] })))
  const { statusCode } = (await handler(event, {})) as { statusCode: number }
  assert.equal(statusCode, 200)
}

interface Part {
  readonly name: string
  readonly file: string
  readonly bytes: number[]
}

// Line breaks, dashes and pieces of the boundary: what a parser is easily wrong about.
const tricky = fc
  .array(
    fc.oneof(fc.constantFrom('\r\n', '--', '\r\n--', '--b0', '\n--b0undar', '\r', '\0'), fc.string({ maxLength: 5 })),
  )
  .map((shards) => [...Buffer.from(shards.join(''))])
const parts: fc.Arbitrary<Part[]> = fc.array(
  fc.record({
    name: fc.stringMatching(/^[a-z_]{1,8}$/),
    file: fc.stringMatching(/^[a-z]{1,6}\.bin$/),
    bytes: fc.oneof(bytes, tricky).filter((content) => !Buffer.from(content).includes('\r\n--b0undary')),
  }),
  { minLength: 1, maxLength: 4 },
)

async function multipart(name: GatewayName, sent: Part[]): Promise<string> {
  const body = Buffer.concat([
    ...sent.flatMap((part) => [
      Buffer.from(`--b0undary\r\ncontent-disposition: form-data; name="${part.name}"; filename="${part.file}"\r\n`),
      Buffer.from('content-type: application/x-bin\r\n\r\n'),
      Buffer.from(part.bytes),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--b0undary--\r\n'),
  ])
  await send(name, formHandler, body, 'multipart/form-data; boundary=b0undary')
  for (const key of new Set(sent.map((part) => part.name))) {
    const files = [form[key]].flat() as FormFile[]
    const expected = sent.filter((part) => part.name === key)
    assert.deepEqual(
      files.map((file) => [file.name, ...file.bytes]),
      expected.map((part) => [part.file, ...part.bytes]),
    )
  }
  return 'survived'
}

export const bodyProperties: readonly Property[] = gatewayNames.flatMap((name) => [
  property(`a multipart form survives to the bit: ${name}`, parts, (sent) => multipart(name, sent)),
  property(`a body survives to the bit: ${name}`, bytes, async (content) => {
    for (const [application, handler] of applications) {
      received = undefined
      await send(name, handler, Buffer.from(content), 'application/octet-stream')
      assert.deepEqual(received ?? Buffer.alloc(0), Buffer.from(content), application)
    }
    return 'survived'
  }),
])
