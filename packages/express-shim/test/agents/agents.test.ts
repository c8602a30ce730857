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
  for (const name of ['express', '@expressway/express-shim']) {
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

async function seen(agent: string, root: string, name: string, way: 'server' | 'event'): Promise<unknown[]> {
  const child = join(import.meta.dirname, 'child.cjs')
  const { stdout } = await run(process.execPath, [child, agent, root, name, way], { timeout: 60_000 })
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
    expect(await seen('opentelemetry', shim, '@expressway/express-shim', 'server')).toEqual([])
  }, 60_000)
})

describe('Sentry (@sentry/node)', () => {
  // Version 11 rewrites the source of the package `router` while it is loaded, which the shim does not use.
  it('has the transactions and errors of Express, by their URL instead of their route', async () => {
    const expected = await seen('sentry', real, 'express', 'server')
    expect(expected).toContainEqual(['error', 'broken', 'GET /broken/:id'])
    const urls = JSON.parse(JSON.stringify(expected).replaceAll('/:id', '/1').replaceAll('/:order', '/2'))
    const asUrls = JSON.parse(JSON.stringify(urls).replaceAll('/broken/1', '/broken/3'))
    expect(await seen('sentry', shim, 'express', 'server')).toEqual(asUrls)
    expect(await seen('sentry', shim, 'express', 'event')).toContainEqual(['error', 'broken', null])
  }, 120_000)
})
