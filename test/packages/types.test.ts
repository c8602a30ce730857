// The declarations, compiled as projects do, with every library checked.
import { beforeAll, describe, expect, it } from 'vitest'
import { type Installed, install } from './installed.ts'

let installed: Installed

const body = `
const app = express()
const router: Router = express.Router()
const hello: RequestHandler = (req, res) => { res.json({ hello: req.params.name }) }
router.get('/hello/:name', hello)
app.use(express.json(), router)
app.use(((error, _req, res, _next) => { res.status(isHttpError(error) ? error.status : 500).end() }) as express.ErrorRequestHandler)
const named = (req: express.Request, res: Response): void => { res.send(req.lambda.context.awsRequestId) }
app.get('/named', named)
export const handler: LambdaHandler = app.handler
const api = createApp()
api.get('/hello/:name', (req) => ({ hello: req.params.name }))
export const answer: Promise<TestResponse> = request(api.handler).get('/hello/ada').expect(200).then((response) => response)
export const agent = request.agent(handler)
export const error: HttpError = new NotFoundError()
export const other = toLambdaHandler(app)
// The callable entries keep what they take and give.
request(app, { timeout: 100 }).post('/').set('X-One', '1').send({ one: 1 }).expect('X-Two', /2/)
app.use('/below', express.Router({ mergeParams: true }).get<{ id: string }>('/:id', (req, res) => { res.send(req.params.id.trim()) }))
// @ts-expect-error an application is made of nothing
express('application')
// @ts-expect-error a client needs a target
request()
// @ts-expect-error no method of HTTP
request(handler).fetch('/')
// @ts-expect-error no parameter of the path
app.get('/of/:id', (req, res) => { res.send(req.params.name.trim()) })
// @ts-expect-error no option of a router
express.Router({ merge: true })
`
const named = `import { createApp, isHttpError } from '@expressway/core'
import { type HttpError, NotFoundError } from '@expressway/core/errors'
import type { LambdaHandler } from '@expressway/core/lambda'
import { toLambdaHandler } from '@expressway/express-shim/lambda'
`
const imported = `import express, { type RequestHandler, type Response, type Router } from '@expressway/express-shim'
import request, { type Response as TestResponse } from '@expressway/testing'
${named}${body}`
const assigned = `import express = require('@expressway/express-shim')
import request = require('@expressway/testing')
${named}
type RequestHandler = express.RequestHandler
type Response = express.Response
type Router = express.Router
type TestResponse = request.Response
${body}`

const files = {
  'imported.mts': imported,
  'imported.cts': imported,
  'assigned.cts': assigned,
  'imported.ts': imported,
  'assigned.ts': assigned,
}
const modern = ['imported.mts', 'imported.cts', 'assigned.cts']

/** By `moduleResolution`: the option `module`, and which files it compiles. */
const resolutions: Readonly<
  Record<string, { module: string; files: readonly (keyof typeof files)[]; options?: object }>
> = {
  node10: { module: 'commonjs', files: ['imported.ts', 'assigned.ts'] },
  node16: { module: 'node16', files: modern as [] },
  nodenext: { module: 'nodenext', files: modern as [] },
  bundler: { module: 'esnext', files: ['imported.ts'] },
}

// `typescript` is 5.9, of which ts-jest takes the API; TypeScript 7 has no `node10`.
const cases = ['typescript54', 'typescript', 'typescript7'].flatMap((compiler) =>
  Object.keys(resolutions)
    .filter((resolution) => compiler !== 'typescript7' || resolution !== 'node10')
    .map((resolution) => [compiler, resolution] as const),
)

beforeAll(async () => {
  installed = await install()
  installed.write(files)
}, 120_000)

describe('the declarations', () => {
  it.each(cases)(
    'compile with %s under %s',
    (compiler, resolution) => {
      const { module, files } = resolutions[resolution]!
      const compilerOptions = {
        module,
        moduleResolution: resolution,
        target: 'es2022',
        lib: ['es2023', 'esnext.disposable'],
        types: ['node'],
        esModuleInterop: true,
        strict: true,
        skipLibCheck: false,
        noEmit: true,
      }
      const config = `tsconfig.${compiler}.${resolution}.json`
      installed.write({ [config]: JSON.stringify({ compilerOptions, files }) })
      expect(installed.node([installed.tool(`${compiler}/bin/tsc`), '-p', config])).toBe('')
    },
    120_000,
  )
})
