// The packages as a user installs them: packed, installed elsewhere, imported, required and bundled.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { type Message, publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installPacked } from './installed.ts'
import { tarballs } from './packages/installed.ts'

const names = ['core', 'express-shim', 'testing', 'cli', 'create']
const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'expressway-smoke-'))

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const event = JSON.stringify({ httpMethod: 'GET', path: '/hello/ada', resource: '/{proxy+}' })

/** What a CommonJS application writes. */
const required = {
  core: `const app = require('@expressway/core').createApp()
app.get('/hello/:username', (req) => 'Hello ' + req.params.username)
exports.handler = app.handler
`,
  'express-shim': `const app = require('@expressway/express-shim')()
app.get('/hello/:username', (req, res) => { res.send('Hello ' + req.params.username) })
exports.handler = app.handler
`,
}

const application = {
  core: `import { createApp } from '@expressway/core'
const app = createApp()
app.get('/hello/:username', (req) => 'Hello ' + req.params.username)
export const handler = app.handler
`,
  'express-shim': `import express from '@expressway/express-shim'
const app = express()
app.get('/hello/:username', (req, res) => { res.send('Hello ' + req.params.username) })
export const handler = app.handler
`,
}

beforeAll(() => installPacked(folder, names), 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(Object.entries(application))('@expressway/%s', (name, source) => {
  it('is imported', () => {
    writeFileSync(join(folder, `${name}.mjs`), source)
    const call = `import('./${name}.mjs').then(async (m) => console.log((await m.handler(${event}, {})).body))`
    expect(run(process.execPath, '-e', call)).toBe('Hello ada\n')
  })

  it('is required', () => {
    writeFileSync(join(folder, `${name}.cjs`), required[name as keyof typeof required])
    const call = `require('./${name}.cjs').handler(${event}, {}).then((result) => console.log(result.body))`
    expect(run(process.execPath, '-e', call)).toBe('Hello ada\n')
  })

  it('is bundled from CommonJS', async () => {
    const outfile = join(folder, `${name}-required.cjs`)
    const stdin = { contents: required[name as keyof typeof required], resolveDir: folder }
    await build({ stdin, outfile, format: 'cjs', bundle: true, minify: true, platform: 'node', target: 'node22.12' })
    const call = `require(${JSON.stringify(outfile)}).handler(${event}, {}).then((result) => console.log(result.body))`
    expect(run(process.execPath, '-e', call)).toBe('Hello ada\n')
  })

  it.each(['esm', 'cjs'] as const)('is bundled as %s', async (format) => {
    const outfile = join(folder, `${name}-bundle.${format === 'esm' ? 'mjs' : 'cjs'}`)
    const stdin = { contents: source, resolveDir: folder }
    await build({ stdin, outfile, format, bundle: true, minify: true, platform: 'node', target: 'node22.12' })
    const call = `import(${JSON.stringify(outfile)}).then(async (m) => console.log((await m.handler(${event}, {})).body))`
    expect(run(process.execPath, '-e', call)).toBe('Hello ada\n')
  })
})

it('@expressway/testing calls what was installed', () => {
  writeFileSync(
    join(folder, 'test.mjs'),
    `import request from '@expressway/testing'
import { handler } from './core.mjs'
const response = await request(handler).get('/hello/ada').expect(200, 'Hello ada')
await request(new URL('./core.mjs', import.meta.url)).get('/hello/ada').cold().expect(200, 'Hello ada')
console.log(response.text)
`,
  )
  expect(run(process.execPath, 'test.mjs')).toBe('Hello ada\n')
})

it('@expressway/cli runs what was installed, in a process of its own', () => {
  const command = join(folder, 'node_modules/.bin/expressway')
  writeFileSync(join(folder, 'event.json'), run(command, 'event', 'rest-api', '/hello/ada'))
  const said = run(command, 'invoke', 'event.json', '--handler', 'core.mjs', '--compact')
  expect(JSON.parse(said)).toMatchObject({ statusCode: 200, body: 'Hello ada' })
})

describe.each(names)('the package %s', (name) => {
  let tarball: string

  beforeAll(async () => {
    tarball = (await tarballs()).get(name)!
  })

  it('is sound to publint', async () => {
    const pack = { tarball: await readFile(tarball).then((file) => file.buffer) }
    const { messages } = await publint({ pack, strict: true })
    const expected = (message: Message) =>
      // Node takes `imports` from the nearest package.json: for the CommonJS build, that is the one beside it.
      (message.code === 'NESTED_PACKAGE_JSON_FIELD_IGNORED' &&
        message.args.filePath === './dist/cjs/package.json' &&
        message.args.field === 'imports') ||
      // One file of each entry that is one value is CommonJS for bundlers on purpose: docs/decisions/008.
      (message.code === 'EXPORTS_MODULE_SHOULD_BE_ESM' &&
        /^exports\/\.(\/lib\/.*)?\/require\/module$/.test(message.path.join('/')))
    expect(messages.filter((message) => !expected(message))).toEqual([])
  })

  it('holds what is built, and nothing else', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
    const unexpected = files.filter(
      (file) =>
        !/^package\/(dist\/.+\.(js|cjs|d\.c?ts|map)|dist\/cjs\/package\.json|libraries\/.+\.(cjs|d\.cts)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(
          file,
        ),
    )
    expect(unexpected).toEqual([])
    expect(files).toContain(`package/dist/${['cli', 'create'].includes(name) ? 'bin' : 'index'}.js`)
  })
})

// Nothing imports the starter.
it.each(names.filter((name) => name !== 'create'))('%s has types that every module resolution finds', async (name) => {
  execFileSync('pnpm', ['exec', 'attw', (await tarballs()).get(name)!], { cwd: root, stdio: 'pipe' })
})
