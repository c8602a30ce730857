import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'expressway-agents-')))
const [real, shim] = [join(folder, 'real'), join(folder, 'shim')]

afterAll(() => rmSync(folder, { recursive: true }))

/** What an install gives: Express itself, and the shim under the alias `express` and under its own name. */
beforeAll(async () => {
  mkdirSync(join(real, 'node_modules'), { recursive: true })
  symlinkSync(dirname(require.resolve('express/package.json')), join(real, 'node_modules/express'))
  for (const name of ['express', own]) {
    const root = join(shim, 'node_modules', name)
    await build({
      stdin: {
        contents: "module.exports = require('./index.ts').default",
        resolveDir: join(import.meta.dirname, '../../src'),
      },
      outfile: join(root, 'index.js'),
      bundle: true,
      format: 'cjs',
      platform: 'node',
      keepNames: true,
      logLevel: 'error',
    })
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version: '5.3.0', main: 'index.js' }))
  }
})

const own = '@expressway/express-shim'

/** What an agent reports of one application; `named`: with the agent's block of docs/guide/observability.md. */
async function seen(
  agent: string,
  root: string,
  name: string,
  way: 'server' | 'event',
  named = '',
): Promise<unknown[]> {
  const child = join(import.meta.dirname, 'child.cjs')
  const { stdout } = await run(process.execPath, [child, agent, root, name, way, named], { timeout: 60_000 })
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n')))
}

describe('OpenTelemetry (@opentelemetry/instrumentation-express)', () => {
  it('has the spans of Express for the shim under the name express, on a server and through events', async () => {
    const expected = await seen('opentelemetry', real, 'express', 'server')
    expect(expected).toContainEqual(['request handler', '/users/:id', 'request_handler', 0])
    expect(await seen('opentelemetry', shim, 'express', 'server')).toEqual(expected)
    expect(await seen('opentelemetry', shim, 'express', 'event')).toEqual(expected)
  }, 120_000)

  it('knows the shim by the name express only', async () => {
    expect(await seen('opentelemetry', shim, own, 'server')).toEqual([])
  }, 60_000)
})

const ways = ['express', own].flatMap((name) => (['server', 'event'] as const).map((way) => [name, way] as const))

// Three agents patch the package `router` while it is loaded, which the shim does not load.
describe('Sentry (@sentry/node)', () => {
  it('has the errors of Express, and names by URL', async () => {
    const expected = await seen('sentry', real, 'express', 'server')
    expect(expected).toContainEqual(['error', 'broken', 'GET /broken/:id'])
    const urls = JSON.parse(JSON.stringify(expected).replaceAll('/:id', '/1').replaceAll('/:order', '/2'))
    const asUrls = JSON.parse(JSON.stringify(urls).replaceAll('/broken/1', '/broken/3'))
    expect(await seen('sentry', shim, 'express', 'server')).toEqual(asUrls)
    expect(await seen('sentry', shim, 'express', 'event')).toContainEqual(['error', 'broken', null])
  }, 120_000)

  it('has the transactions and errors of Express with the block of the guide', async () => {
    const expected = await seen('sentry', real, 'express', 'server')
    expect(await seen('sentry', real, 'express', 'server', 'named')).toEqual(expected)
    for (const [name, way] of ways) expect(await seen('sentry', shim, name, way, 'named'), way).toEqual(expected)
  }, 120_000)
})

describe('Datadog (dd-trace)', () => {
  it('has one span for each request, without its route', async () => {
    const nameless = ['GET', null, null]
    expect(await seen('datadog', shim, 'express', 'server')).toEqual([nameless, nameless, nameless])
  }, 60_000)

  it('has the routes and errors of Express with the block of the guide', async () => {
    const expected = await seen('datadog', real, 'express', 'server')
    expect(expected).toContainEqual(['GET /users/:id', '/users/:id', null])
    expect(expected).toContainEqual(['GET /broken/:id', '/broken/:id', 'broken'])
    expect(await seen('datadog', real, 'express', 'server', 'named')).toEqual(expected)
    for (const [name, way] of ways) expect(await seen('datadog', shim, name, way, 'named'), way).toEqual(expected)
  }, 120_000)
})

describe('New Relic (newrelic)', () => {
  it('has transactions without their route', async () => {
    const nameless = ['WebTransaction/NormalizedUri/*', []]
    expect(await seen('newrelic', shim, 'express', 'server')).toEqual([nameless, nameless, nameless])
  }, 60_000)

  it('has the routes and errors of Express with the block of the guide, as names of ours', async () => {
    const express = await seen('newrelic', real, 'express', 'server')
    expect(express).toContainEqual(['WebTransaction/Expressjs/GET//users/:id', []])
    expect(express).toContainEqual(['WebTransaction/Expressjs/GET//broken/:id', ['broken']])
    const expected = JSON.parse(JSON.stringify(express).replaceAll('/Expressjs/GET/', '/Custom/GET '))
    for (const [name, way] of ways) expect(await seen('newrelic', shim, name, way, 'named'), way).toEqual(expected)
  }, 120_000)
})

describe('Elastic APM (elastic-apm-node)', () => {
  it('has the transactions and errors of Express for the shim under the name express, on a server', async () => {
    const expected = await seen('elastic', real, 'express', 'server')
    expect(expected).toContainEqual(['error', 'broken', 'GET /broken/:id'])
    expect(await seen('elastic', shim, 'express', 'server')).toEqual(expected)
  }, 60_000)

  it('has them through events with the block of the guide', async () => {
    const expected = await seen('elastic', real, 'express', 'server')
    // The result of a transaction of one's own is one's own.
    const asOwn = JSON.parse(JSON.stringify(expected).replace(/HTTP \dxx/g, 'success'))
    expect(await seen('elastic', shim, 'express', 'event', 'named')).toEqual(asOwn)
  }, 60_000)

  it('has no errors and no mount paths under the own name of the shim', async () => {
    const expected = await seen('elastic', real, 'express', 'server')
    const transactions = expected.filter((each) => (each as string[])[0] === 'transaction')
    const unmounted = JSON.parse(JSON.stringify(transactions).replace('/users/:id', '/:id'))
    expect(await seen('elastic', shim, own, 'server')).toEqual(expect.arrayContaining(unmounted))
    expect(await seen('elastic', shim, own, 'server')).toHaveLength(3)
  }, 60_000)
})
