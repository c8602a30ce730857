import { readdirSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import request, { agent } from '../src/client/client.ts'
import { createExpressApp, listen } from './client-express-app.ts'
import { scenarios } from './client-scenarios/index.ts'
import type { AnyClient } from './client-scenarios/scenario.ts'
import { createWebAdapter } from './client-web-adapter.ts'

// Superagent's parser of multipart answers (formidable) writes files into the temporary folder and leaves them there.
afterAll(() => {
  for (const name of readdirSync(tmpdir())) if (/^[a-z\d]{25}$/.test(name)) rmSync(join(tmpdir(), name))
})

const app = createExpressApp()
let server: Server
let origin: string
beforeAll(async () => {
  ;({ server, origin } = await listen(createExpressApp()))
})
afterAll(() => void server.close())

interface Side {
  client: AnyClient
  agent(): AnyClient
}

const withCookies = (client: AnyClient, cookies: AnyClient) => Object.assign(client, { cookies })
const theirs = (): Side => ({
  client: withCookies(supertest(app), supertest.cookies),
  agent: () => supertest.agent(app),
})
const ours: Record<string, () => Side> = {
  'a Lambda handler': () => {
    const handler = createWebAdapter(origin)
    const options = { gateway: 'url' } as const
    return { client: withCookies(request(handler, options), request.cookies), agent: () => agent(handler, options) }
  },
  'a listener': () => ({ client: withCookies(request(app), request.cookies), agent: () => agent(app) }),
  'a URL': () => ({ client: withCookies(request(origin), request.cookies), agent: () => agent(origin) }),
}

/** All that a test could see of a response or of a failure, without what each connection and moment has of its own. */
async function observe(run: (typeof scenarios)[number]['run'], side: Side): Promise<unknown> {
  try {
    return describeResponse(await run(side.client, side.agent))
  } catch (error) {
    return describeFailure(error as AnyClient)
  }
}

const CONNECTION = /^(date|connection|keep-alive|transfer-encoding|content-length|x-amzn-.*)$/
const FLAGS =
  'status statusCode statusType info ok redirect clientError serverError created accepted noContent badRequest unauthorized notAcceptable forbidden notFound unprocessableEntity type charset header links text body buffered custom'

function describeResponse(response: AnyClient): unknown {
  const flags = Object.fromEntries(FLAGS.split(' ').map((name) => [name, plain(response[name])]))
  flags.buffered = Boolean(response.buffered)
  const redirects = response.redirects.map((url: string) => url.replace(/^https?:\/\/[^/]+/, ''))
  const { message, status, text, method, path } = response.error || {}
  const error = response.error && { message, status, text, method, path }
  return { ...flags, header: headersOf(response), redirects, error, files: filesOf(response.files) }
}

function headersOf({ headers }: AnyClient): unknown {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !CONNECTION.test(name))
      // Cookies that expire say when.
      .map(([name, value]) => [name, String(value).replace(/Expires=[^;]+/g, 'Expires=…')]),
  )
}

function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return `bytes ${value.toString('base64')}`
  if (typeof value !== 'object' || value === null) return value
  const text = JSON.stringify(value).replace(/-{20,}\d+|-{8,}formdata-\w+|-+[0-9a-f]{16,}/g, 'BOUNDARY')
  return JSON.parse(text)
}

function filesOf(files: AnyClient): unknown {
  const entries = Object.entries(files ?? {}) as [string, AnyClient][]
  return entries.map(([name, { originalFilename, mimetype, size }]) => [name, originalFilename, mimetype, size])
}

function describeFailure(error: AnyClient): unknown {
  const { name, message, code, errno, timeout, status, statusCode, rawResponse, expected, actual, showDiff, retries } =
    error
  // The system's text names the file only; the call that failed is each library's own.
  const known = { name, message: message.replace(/^ENOENT.*/, 'ENOENT'), code, errno, timeout, status, statusCode }
  return {
    ...known,
    rawResponse,
    expected: plain(expected),
    actual: plain(actual),
    showDiff,
    retries,
    response: error.response?.status,
  }
}

test('there are scenarios for every part of the surface', () => {
  expect(scenarios.length).toBeGreaterThan(150)
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length)
})

for (const [target, side] of Object.entries(ours)) {
  describe(`as supertest does, against ${target}`, () => {
    const compared = scenarios.filter(({ gatewayRule }) => !gatewayRule || target !== 'a Lambda handler')
    test.each(compared)('$name', async ({ run }) => {
      const expected = await observe(run, theirs())
      expect(await observe(run, side())).toEqual(expected)
    })
  })
}
