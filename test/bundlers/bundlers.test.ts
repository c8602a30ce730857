// The libraries behind their doors: in every bundler, in every way to load a package, and only when they are used.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installPacked } from '../installed.ts'
import { bundlers, type Format, write } from './bundlers.ts'

const folder = mkdtempSync(join(tmpdir(), 'expressway-bundlers-'))
const runtimes = {
  'Node 24': process.execPath,
  'Node 22.12': join(dirname(createRequire(import.meta.url).resolve('node22/package.json')), 'bin/node'),
}

const answer = `'x'.repeat(2000) + req.params.name + ' as ' + req.params.ext`
const applications = {
  core: `const app = createApp({ compress: { encodings: ['gzip'] } })
app.get('/files/:name{.:ext}', (req) => ${answer})
`,
  'express-shim': `const app = express()
app.set('trust proxy', 'loopback')
app.get('/files/:name{.:ext}', (req, res) => {
  if (req.accepts('json', 'text') !== 'text' || req.ip !== '192.0.2.1') throw new Error('not negotiated: ' + req.ip)
  res.attachment('é.txt').location('/é').type('text/plain;charset=utf-8').send(${answer})
})
`,
}
type Name = keyof typeof applications

const imported: Record<Name, string> = {
  core: "import { createApp } from '@expressway/core'\n",
  'express-shim': "import express from '@expressway/express-shim'\n",
}
const required: Record<Name, string> = {
  core: "const { createApp } = require('@expressway/core')\n",
  'express-shim': "const express = require('@expressway/express-shim')\n",
}
const moduleOf = (name: Name): string => `${imported[name]}${applications[name]}export const handler = app.handler\n`
const commonJsOf = (name: Name): string => `${required[name]}${applications[name]}exports.handler = app.handler\n`

const event = {
  httpMethod: 'GET',
  path: '/files/ada.txt',
  resource: '/{proxy+}',
  headers: { accept: 'text/*', 'accept-encoding': 'br;q=0.1, gzip' },
  requestContext: { identity: { sourceIp: '192.0.2.1' } },
}

/** Calls the handler of a file in a process of its own, and gives the text that was answered. */
function call(runtime: string, file: string): string {
  const script = `import(${JSON.stringify(file)}).then(async ({ handler, default: whole }) => {
  const { statusCode, body, isBase64Encoded } = await (handler ?? whole.handler)(${JSON.stringify(event)}, {})
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  const text = isBase64Encoded ? require('node:zlib').gunzipSync(bytes).toString() : body
  console.log(statusCode + ' ' + text.replace(/^x+/, isBase64Encoded ? 'gzip ' : 'plain '))
})`
  // Of Node 22.12's warnings, that require() of an ES module is experimental is one.
  const args = ['--no-warnings', '-e', script]
  return execFileSync(runtime, args, { cwd: dirname(file), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

const expected: Record<Name, string> = { core: '200 gzip ada as txt\n', 'express-shim': '200 plain ada as txt\n' }
const names: Name[] = ['core', 'express-shim']

beforeAll(() => installPacked(folder, names), 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(names)('@expressway/%s', (name) => {
  describe.each(Object.entries(runtimes))('not bundled, in %s', (_runtime, binary) => {
    it.each([
      ['imported', 'mjs', moduleOf],
      ['required', 'cjs', commonJsOf],
    ] as const)('is %s', (way, extension, sourceOf) => {
      const file = write(join(folder, `${name}-${way}.${extension}`), sourceOf(name))
      expect(call(binary, file)).toBe(expected[name])
    })
  })

  describe.each(Object.entries(bundlers))('%s', (bundler, bundle) => {
    it.each(['esm', 'cjs'] as const)(
      'bundles a module as %s, which runs from an empty folder',
      async (format: Format) => {
        const entry = write(join(folder, `${name}.mjs`), moduleOf(name))
        await runsAlone(entry, `${bundler}-${name}`, format, bundle)
      },
    )

    it('bundles CommonJS', async () => {
      const entry = write(join(folder, `${name}.cjs`), commonJsOf(name))
      await runsAlone(entry, `${bundler}-${name}-required`, 'cjs', bundle)
    })

    async function runsAlone(entry: string, label: string, format: Format, bundle: (typeof bundlers)[string]) {
      const extension = format === 'esm' ? 'mjs' : 'cjs'
      const built = join(folder, 'built', `${label}-${format}.${extension}`)
      await bundle(entry, built, format)
      const empty = mkdtempSync(join(tmpdir(), 'expressway-bundle-'))
      try {
        const file = join(empty, `handler.${extension}`)
        copyFileSync(built, file)
        for (const binary of Object.values(runtimes)) expect(call(binary, file)).toBe(expected[name])
      } finally {
        rmSync(empty, { recursive: true, force: true })
      }
    }
  })
})

describe('a library behind a door', () => {
  const plain: Record<Name, string> = {
    core: "app.get('/files/:name', (req) => ({ name: req.params.name }))\n",
    'express-shim': "app.get('/files/:name', (req, res) => { res.json({ name: req.params.name }) })\n",
  }
  const made: Record<Name, string> = { core: 'const app = createApp()\n', 'express-shim': 'const app = express()\n' }

  /** The packages of which a file was loaded when the application had answered. */
  function loadedBy(name: Name, source: string): string[] {
    const file = write(join(folder, `${name}-loads.cjs`), `${required[name]}${source}exports.handler = app.handler\n`)
    const script = `require(${JSON.stringify(file)}).handler(${JSON.stringify(event)}, {}).then(() =>
  console.log(JSON.stringify(Object.keys(require.cache))))`
    const files: string[] = JSON.parse(
      execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' }),
    )
    const packages = files.map((each) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(each)?.[1])
    return [...new Set(packages.filter((each) => each && !each.startsWith('@expressway/')))].sort() as string[]
  }

  it.each(names)('is not loaded by plain paths and the first JSON answer of %s', (name) =>
    expect(loadedBy(name, made[name] + plain[name])).toEqual([]),
  )

  it('is loaded by what needs it', () => {
    expect(loadedBy('core', applications.core)).toEqual(['content-type', 'negotiator', 'path-to-regexp'])
    expect(loadedBy('express-shim', applications['express-shim'])).toEqual([
      ...['content-disposition', 'content-type', 'encodeurl', 'forwarded', 'ipaddr.js', 'negotiator', 'path-to-regexp'],
      'proxy-addr',
    ])
  })
})
