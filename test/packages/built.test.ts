// What the build must not change: names, classes, and where an error says that it comes from.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { hello } from '../figures.ts'
import { type Installed, install } from './installed.ts'

let installed: Installed

beforeAll(async () => {
  installed = await install()
}, 120_000)

const nodes = [undefined, 'node22', 'node22-latest', 'node26'] as const

describe.each(nodes)('on %s', (alias) => {
  it('import and require give the same classes and the same application', () => {
    installed.write({
      'same.mjs': `import { createRequire } from 'node:module'
import express from '@expressway/express-shim'
import request from '@expressway/testing'
import * as core from '@expressway/core'
import * as errors from '@expressway/core/errors'
const require = createRequire(import.meta.url)
const app = require('@expressway/express-shim')()
app.get('/', (req, res) => { res.json({ same: true }) })
await request(app.handler).get('/').expect(200, { same: true })
await require('@expressway/testing').agent(app.handler).get('/').expect(200)
console.log(JSON.stringify([
  express === require('@expressway/express-shim'),
  request === require('@expressway/testing'),
  core.HttpError === errors.HttpError,
  core.HttpError === require('@expressway/core').HttpError,
  core.HttpError === require('@expressway/core/errors').HttpError,
]))`,
    })
    expect(JSON.parse(installed.node(['same.mjs'], alias))).toEqual([true, true, true, true, true])
  })
})

it.each(['node22', undefined])('the CommonJS build finds the libraries behind their doors, on %s', (alias) => {
  installed.write({
    'doors.cjs': `const { createApp } = require('./node_modules/@expressway/core/dist/cjs/index.js')
const app = createApp({ compress: { encodings: ['gzip'] } })
app.get('/files/:name{.:ext}', (req) => 'x'.repeat(2000) + req.params.name + ' as ' + req.params.ext)
const event = { httpMethod: 'GET', path: '/files/ada.txt', resource: '/{proxy+}', headers: { 'accept-encoding': 'br;q=0.1, gzip' } }
app.handler(event, {}).then(({ body }) => console.log(require('node:zlib').gunzipSync(Buffer.from(body, 'base64')).toString().slice(2000)))`,
  })
  expect(installed.node(['doors.cjs'], alias)).toBe('ada as txt\n')
})

// Each file takes Node half a millisecond of a cold start. The files of an application are counted with its own.
it.each([
  ['core', 3, 'createApp', '({ hello: req.params.name })'],
  ['express-shim', 4, 'express', 'res.json({ hello: req.params.name })'],
])('hello with %s as installed is read from %i files', (name, files, made, answer) => {
  installed.write({
    [`${name}-hello.mjs`]: `import ${name === 'core' ? `{ ${made} }` : made} from '@expressway/${name}'
const app = ${made}()
app.get('/hello/:name', (req, res) => ${answer})
export const handler = app.handler`,
    [`${name}-count.mjs`]: `import { registerHooks } from 'node:module'
const files = []
registerHooks({ load(url, context, next) { files.push(url); return next(url, context) } })
const { handler } = await import('./${name}-hello.mjs')
const { body } = await handler({ httpMethod: 'GET', path: '/hello/ada', resource: '/{proxy+}', headers: {}, requestContext: {} }, {})
console.log(JSON.stringify([body, files.filter((url) => url.startsWith('file:')).length]))`,
  })
  expect(JSON.parse(installed.node([`${name}-count.mjs`]))).toEqual(['{"hello":"ada"}', files])
})

it('the entry that is the file of several others exports what its source says', async () => {
  const source = await import('../../packages/core/src/base.ts')
  const built = JSON.parse(installed.node(['-p', "JSON.stringify(Object.keys(require('@expressway/core/base')))"]))
  expect(built).toEqual(expect.arrayContaining(Object.keys(source)))
})

// Every function that the application and its messages show, by path, with the name that it has.
const namesOf = `
const seen = new Set(), names = {}
const visit = (value, path, depth) => {
  if (value === null || !['object', 'function'].includes(typeof value) || seen.has(value) || depth > 4) return
  seen.add(value)
  if (typeof value === 'function') names[path] = value.name
  for (const key of Reflect.ownKeys(value)) {
    const { value: member, get } = Object.getOwnPropertyDescriptor(value, key)
    visit(member ?? get, path + '.' + String(key), depth + 1)
  }
}
const app = express()
app.use(express.json(), express.raw(), express.text(), express.urlencoded(), express.static('.'), express.Router())
visit(express, 'express', 0)
visit(app.router.stack.map(({ name, handle }) => [name, handle]), 'stack', 0)
console.log(JSON.stringify([names, app.router.stack.map(({ name }) => name)]))`

it('functions keep the names that they have in the sources', () => {
  installed.write({
    'built.mjs': `import express from '@expressway/express-shim'${namesOf}`,
    'built.cjs': `const express = require('./node_modules/@expressway/express-shim/dist/cjs/index.js')${namesOf}`,
    'sources.mjs': `import express from '${new URL('../../packages/express-shim/src/index.ts', import.meta.url)}'${namesOf}`,
  })
  const sources = JSON.parse(installed.node(['sources.mjs']))
  expect(sources[1]).toContain('jsonParser')
  expect(JSON.parse(installed.node(['built.mjs']))).toEqual(sources)
  expect(JSON.parse(installed.node(['built.cjs']))).toEqual(sources)
})

it.each(['mjs', 'cjs'])('source maps lead to the line that was written, from %s', (extension) => {
  const thrown = 'try { createRouter().get(1, () => {}) } catch (error) { console.log(error.stack) }'
  installed.write({
    'map.mjs': `import { createRouter } from '@expressway/core'\n${thrown}`,
    'map.cjs': `const { createRouter } = require('./node_modules/@expressway/core/dist/cjs/index.js')\n${thrown}`,
  })
  const stack = installed.node(['--enable-source-maps', `map.${extension}`])
  const [, file, line] = /(src\/[\w/-]+\.ts):(\d+):\d+/.exec(stack)!
  const source = readFileSync(new URL(`../../packages/core/${file}`, import.meta.url), 'utf8').split('\n')
  expect(source[Number(line) - 1]).toContain('TypeError')
})

it.each(['core', 'express-shim'])('a bundle of %s is no larger than one of the sources', async (name) => {
  const bytesFrom = async (resolveDir: string): Promise<number> => {
    const stdin = { contents: hello[name]!, resolveDir }
    const options = { bundle: true, minify: true, write: false, format: 'cjs', platform: 'node' } as const
    const { outputFiles } = await build({ stdin, target: 'node22.12', ...options })
    return outputFiles[0]!.contents.length
  }
  const sources = await bytesFrom(resolve(import.meta.dirname, '../../benchmarks'))
  // Rolldown adds a few words of its own.
  expect(await bytesFrom(installed.folder)).toBeLessThan(sources * 1.01)
})
