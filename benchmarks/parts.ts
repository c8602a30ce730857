// What each part of an Express application adds to its cold start: the price of what is used.
import { here } from './bundle.ts'
import type { ColdTask } from './cold-worker.ts'
import { order, summarize } from './data.ts'
import { eventOf, type Scenario } from './scenarios.ts'

export const partNames = ['hello', 'json body', 'cookies', 'static file', 'all'] as const
export type PartName = (typeof partNames)[number]

const jsonBody = `app.post('/orders', express.json(), (req, res) => {
  let total = 0
  for (const { quantity, price } of req.body.items) total += quantity * price
  res.status(201).json({ customer: req.body.customer, items: req.body.items.length, total })
})`
const cookies = `app.use(cookieParser())
app.get('/hello/:name', (req, res) => { res.cookie('seen', req.cookies.session).json({ hello: req.params.name }) })`
const plain = `app.get('/hello/:name', (req, res) => { res.json({ hello: req.params.name }) })`
const files = `app.use(express.static(${JSON.stringify(here)}))`

export function partSources(module: 'express-shim' | 'express'): Record<PartName, string> {
  const source = (imports: string, ...lines: string[]) =>
    [
      module === 'express' ? `import express from 'express'` : `import express from '@expressway/express-shim'`,
      ...(module === 'express' ? [`import serverlessHttp from 'serverless-http'`] : []),
      imports,
      'const app = express()',
      ...lines,
      module === 'express' ? 'export const handler = serverlessHttp(app)' : 'export const handler = app.handler',
    ].join('\n')
  const cookieImport = `import cookieParser from 'cookie-parser'`
  return {
    hello: source('', plain),
    'json body': source('', jsonBody),
    cookies: source(cookieImport, cookies),
    'static file': source('', files),
    all: source(cookieImport, cookies, jsonBody, files),
  }
}

type PartTask = Pick<ColdTask, 'event' | 'expected'>

const task = (request: Scenario['request'], status: number, body: string): PartTask => ({
  event: eventOf('http-api', { request }),
  expected: { status, body },
})

const hello = task({ path: '/hello/ada' }, 200, '{"hello":"ada"}')
const post = task({ method: 'POST', path: '/orders', body: order }, 201, JSON.stringify(summarize(order)))

/** The request that comes first; of the whole application, the one that takes the longest way. */
export const partTasks: Record<PartName, PartTask> = {
  hello,
  'json body': post,
  cookies: hello,
  // Of a type that sites serve: the shim unpacks its table of all types for those that are rare.
  'static file': task({ path: '/package.json' }, 200, '{\n  "name": "@expressway/benchmarks"'),
  all: post,
}
