// One project under each test runner that people use, with the packages as they are installed.
import { beforeAll, describe, expect, it } from 'vitest'
import { type Installed, install, run } from './installed.ts'

let installed: Installed

const application = (types = '') => `const app = express()
app.get('/hello/:name', (req${types && ': express.Request'}, res${types && ': express.Response'}) => { res.json({ hello: req.params.name }) })
`
const body = (call: string) => `
test('answers', async () => { await ${call} })
test('finds the libraries behind their doors', async () => {
  const files = createApp({ compress: { encodings: ['gzip'] } })
  files.get('/files/:name{.:ext}', (req) => 'x'.repeat(2000) + req.params.ext)
  const asked = request(files.handler).get('/files/ada.txt').set('Accept-Encoding', 'br;q=0.1, gzip')
  await asked.expect('Content-Encoding', 'gzip').expect(200, 'x'.repeat(2000) + 'txt')
})
test('has one HttpError', () => { if (!(new NotFoundError() instanceof HttpError)) throw new Error('two classes') })
`
const call = "request(app.handler).get('/hello/ada').expect(200, { hello: 'ada' })"

const required = `const express = require('@expressway/express-shim')
const request = require('@expressway/testing')
const { NotFoundError } = require('@expressway/core/errors')
const { createApp, HttpError } = require('@expressway/core')
${application()}${body(call)}`

const imported = (types = '') => `import express from '@expressway/express-shim'
import request from '@expressway/testing'
import { NotFoundError } from '@expressway/core/errors'
import { createApp, HttpError } from '@expressway/core'
${application(types)}${body(call)}`

const assigned = `import express = require('@expressway/express-shim')
import request = require('@expressway/testing')
import { NotFoundError } from '@expressway/core/errors'
import { createApp, HttpError } from '@expressway/core'
${application('types')}${body(call)}`

const swc = { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }
const babel = { presets: ['@babel/preset-typescript', ['@babel/preset-env', { targets: { node: '22' } }]] }
const tsOptions = {
  module: 'commonjs',
  moduleResolution: 'node10',
  esModuleInterop: true,
  target: 'es2022',
  strict: true,
  types: ['jest', 'node'],
}

const projects: Readonly<
  Record<string, { config: object; files: Readonly<Record<string, string>>; flags?: string[] }>
> = {
  'plain CommonJS': { config: { transform: {} }, files: { 'app.test.js': required } },
  'babel-jest': {
    config: { transform: { '\\.[jt]s$': ['babel-jest', babel] } },
    files: { 'app.test.js': imported(), 'typed.test.ts': imported('types') },
  },
  'ts-jest': {
    config: { transform: { '\\.ts$': ['ts-jest', { tsconfig: tsOptions }] } },
    files: { 'app.test.ts': assigned, 'imported.test.ts': imported('types') },
  },
  '@swc/jest': { config: { transform: { '\\.ts$': ['@swc/jest', swc] } }, files: { 'app.test.ts': imported('types') } },
  'ES modules': {
    config: { transform: {} },
    files: { 'app.test.mjs': imported() },
    flags: ['--experimental-vm-modules', '--no-warnings'],
  },
}

beforeAll(async () => {
  installed = await install()
}, 120_000)

describe.each(['jest29', 'jest'])('%s', (jest) => {
  it.each(Object.entries(projects))(
    '%s',
    (name, { config, files, flags = [] }) => {
      const folder = `${jest}-${name.replace(/\W/g, '')}`
      const settings = { testMatch: ['**/*.test.*'], cache: false, ...config }
      installed.write({ [`${folder}/jest.config.json`]: JSON.stringify(settings) })
      for (const [path, content] of Object.entries(files)) installed.write({ [`${folder}/${path}`]: content })
      const args = ['--runInBand', '--config', `${folder}/jest.config.json`]
      expect(() => installed.node([...flags, installed.tool(`${jest}/bin/jest.js`), ...args])).not.toThrow()
    },
    120_000,
  )
})

it('vitest', () => {
  installed.write({ 'vitest/app.test.ts': `import { test } from 'vitest'\n${imported('types')}` })
  expect(() => run(installed.tool('vitest/vitest.mjs'), ['run', '--root', 'vitest'], installed.folder)).not.toThrow()
}, 60_000)

it.each([
  ['required', 'cjs', `const { test } = require('node:test')\n${required}`],
  ['imported', 'mjs', `import { test } from 'node:test'\n${imported()}`],
])('node:test, %s', (_, extension, source) => {
  installed.write({ [`node-test/app.test.${extension}`]: source })
  expect(installed.node(['--test', `node-test/app.test.${extension}`])).toContain('pass 3')
})

it.each([
  ['required', 'cjs', `const { it: test } = require('mocha')\n${required}`],
  ['imported', 'mjs', `import { it as test } from 'mocha'\n${imported()}`],
])('mocha, %s, which ends by itself', (_, extension, source) => {
  installed.write({ [`mocha/app.test.${extension}`]: source })
  expect(installed.node([installed.tool('mocha/bin/mocha.js'), `mocha/app.test.${extension}`])).toContain('3 passing')
})
