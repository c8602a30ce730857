// The shim installed under the name `express`, as overrides do.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Installed, install } from './installed.ts'

let installed: Installed

beforeAll(() => {
  installed = install({ express: true })
}, 120_000)
afterAll(() => installed?.remove())

it('is one application for import and require', () => {
  installed.write({
    'alias.mjs': `import { createRequire } from 'node:module'
import express from 'express'
import request from '@expressway/testing'
const required = createRequire(import.meta.url)('express')
const app = express()
app.use(required.json(), required.Router().get('/', (req, res) => { res.json({ hello: 'ada' }) }))
await request(app.handler).get('/').expect(200, { hello: 'ada' })
console.log(required === express)`,
  })
  expect(installed.node(['alias.mjs'])).toBe('true\n')
})

it.each(['typescript54', 'typescript', 'typescript7'])('has its types under that name, to %s', (compiler) => {
  installed.write({
    'alias.cts': `import express = require('express')
import { Router, type RequestHandler } from 'express'
const hello: RequestHandler<{ name: string }> = (req, res) => { res.json({ hello: req.params.name.trim() }) }
const app: express.Express = express()
app.use(Router().get('/:name', hello))
export const { handler } = app
`,
    'tsconfig.alias.json': JSON.stringify({
      compilerOptions: {
        ...{ module: 'node16', target: 'es2022', lib: ['es2023', 'esnext.disposable'], types: ['node'] },
        ...{ esModuleInterop: true, strict: true, skipLibCheck: false, noEmit: true },
      },
      files: ['alias.cts'],
    }),
  })
  expect(installed.node([installed.tool(`${compiler}/bin/tsc`), '-p', 'tsconfig.alias.json'])).toBe('')
})
