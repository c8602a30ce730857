// The deterministic figures of a cold start: bytes of a minified bundle, and built-in modules that the first answer loads.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

export const hello: Readonly<Record<string, string>> = {
  empty: `export const handler = async () => ({ statusCode: 200 })`,
  core: `import { createApp } from '@expressway/core'
const app = createApp()
app.get('/hello/:username', (req) => ({ hello: req.params.username }))
export const handler = app.handler`,
  'express-shim': `import express from '@expressway/express-shim'
const app = express()
app.get('/hello/:username', (req, res) => { res.json({ hello: req.params.username }) })
export const handler = app.handler`,
  'real express': `import express from 'express'
import serverlessHttp from 'serverless-http'
const app = express()
app.get('/hello/:username', (req, res) => { res.json({ hello: req.params.username }) })
export const handler = serverlessHttp(app)`,
}

const events = [
  {
    httpMethod: 'GET',
    path: '/hello/ada',
    resource: '/{proxy+}',
    headers: { Accept: '*/*' },
    requestContext: { identity: {} },
  },
  {
    version: '2.0',
    rawPath: '/hello/ada',
    rawQueryString: '',
    headers: { accept: '*/*' },
    requestContext: { http: { method: 'GET', path: '/hello/ada', sourceIp: '192.0.2.1' }, stage: '$default' },
  },
]

export interface Figures {
  bytes: number
  builtins: string[]
}

/** Bundles a handler as its deployer would, calls it in a process of its own, and counts. */
export async function measure(source: string): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'expressway-figures-'))
  try {
    const outfile = join(folder, 'handler.cjs')
    const stdin = { contents: source, resolveDir: join(import.meta.dirname, '../benchmarks') }
    await build({ stdin, outfile, bundle: true, minify: true, format: 'cjs', platform: 'node', target: 'node22.12' })
    const { size } = (await import('node:fs')).statSync(outfile)
    return { bytes: size, builtins: loadedBy(folder) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function loadedBy(folder: string): string[] {
  const script = `
    const { handler } = require('./handler.cjs')
    const run = async () => { for (const event of ${JSON.stringify(events)}) await handler(event, {}) }
    run().then(() => require('node:fs').writeSync(1, JSON.stringify(process.moduleLoadList)))`
  writeFileSync(join(folder, 'main.cjs'), script)
  return JSON.parse(execFileSync(process.execPath, ['main.cjs'], { cwd: folder, encoding: 'utf8' }))
}
