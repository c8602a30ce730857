// The shim installed under the name `express`, as overrides do.
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { extract, type Installed, install, tarballs } from './installed.ts'

let installed: Installed

beforeAll(async () => {
  installed = await install()
  const packed = await tarballs()
  extract(packed.get('express-shim')!, join(installed.folder, 'alias/node_modules/express'))
}, 120_000)

it('is one application for import and require', () => {
  installed.write({
    'alias/alias.mjs': `import { createRequire } from 'node:module'
import express from 'express'
import request from '@expressway/testing'
const required = createRequire(import.meta.url)('express')
const app = express()
app.use(required.json(), required.Router().get('/', (req, res) => { res.json({ hello: 'ada' }) }))
await request(app.handler).get('/').expect(200, { hello: 'ada' })
console.log(required === express)`,
  })
  expect(installed.node(['alias/alias.mjs'])).toBe('true\n')
})

it('has the files that Express has, by their path', () => {
  installed.write({
    'alias/lib.mjs': `import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const express = require('express')
const found = {}
for (const name of ['express', 'application', 'request', 'response', 'view', 'utils']) {
  const whole = require('express/lib/' + name)
  const { default: imported } = await import('express/lib/' + name + '.js')
  if (whole !== imported || whole !== require('express/lib/' + name + '.js')) throw new Error(name + ' is two')
  found[name] = whole === express ? 'express' : whole === express[name] ? 'express.' + name : typeof whole
}
if (require('express/lib/view') !== express().get('view')) throw new Error('another view')
let code
try { require('express/lib/router') } catch (error) { code = error.code }
console.log(JSON.stringify({ ...found, version: require('express/package.json').version, code }))`,
  })
  const { version, ...found } = JSON.parse(installed.node(['alias/lib.mjs']))
  expect(version).toMatch(/^5\.3\.\d+$/)
  expect(found).toEqual({
    ...{ express: 'express', application: 'express.application', request: 'express.request' },
    ...{ response: 'express.response', view: 'function', utils: 'object', code: 'MODULE_NOT_FOUND' },
  })
})

it.each(['typescript54', 'typescript', 'typescript7'])(
  'has its types under that name, to %s',
  (compiler) => {
    installed.write({
      'alias/alias.cts': `import express = require('express')
import { Router, type RequestHandler } from 'express'
const hello: RequestHandler<{ name: string }> = (req, res) => { res.json({ hello: req.params.name.trim() }) }
const app: express.Express = express()
app.use(Router().get('/:name', hello))
export const { handler } = app
`,
      'alias/tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{ module: 'node16', target: 'es2022', lib: ['es2023', 'esnext.disposable'], types: ['node'] },
          ...{ esModuleInterop: true, strict: true, skipLibCheck: false, noEmit: true },
        },
        files: ['alias.cts'],
      }),
    })
    expect(installed.node([installed.tool(`${compiler}/bin/tsc`), '-p', 'alias/tsconfig.json'])).toBe('')
  },
  120_000,
)
