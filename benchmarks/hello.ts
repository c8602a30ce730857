// The smallest application of each framework, as its own README writes it: what a cold start is measured with.
import type { ContenderName } from './contender.ts'

const expressHello = `const app = express()
app.get('/hello/:name', (req, res) => { res.json({ hello: req.params.name }) })`

export const helloSources = {
  empty: `export const handler = async () => ({ statusCode: 200, body: '{"hello":"ada"}' })`,
  bare: `export const handler = async (event) => {
  const match = /^\\/hello\\/([^/]+)$/.exec(event.rawPath ?? event.path)
  const body = JSON.stringify(match ? { hello: decodeURIComponent(match[1]) } : { error: 'Not Found' })
  return { statusCode: match ? 200 : 404, headers: { 'content-type': 'application/json' }, body }
}`,
  core: `import { createApp } from '@expressway/core'
const app = createApp()
app.get('/hello/:name', (req) => ({ hello: req.params.name }))
export const handler = app.handler`,
  'express-shim': `import express from '@expressway/express-shim'
${expressHello}
export const handler = app.handler`,
  'express-listener': `import express from 'express'
import { toLambdaHandler } from '@expressway/express-shim/listener'
${expressHello}
export const handler = toLambdaHandler(app)`,
  'express-serverless-http': `import express from 'express'
import serverlessHttp from 'serverless-http'
${expressHello}
export const handler = serverlessHttp(app)`,
  'express-serverless-express': `import express from 'express'
import serverlessExpress from '@codegenie/serverless-express'
${expressHello}
export const handler = serverlessExpress({ app })`,
  'lambda-api': `import createApi from 'lambda-api'
const api = createApi()
api.get('/hello/:name', (req, res) => res.json({ hello: req.params.name }))
export const handler = (event, context) => api.run(event, context)`,
  hono: `import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
const app = new Hono()
app.get('/hello/:name', (c) => c.json({ hello: c.req.param('name') }))
export const handler = handle(app)`,
  powertools: `import { Router } from '@aws-lambda-powertools/event-handler/http'
const app = new Router()
app.get('/hello/:name', ({ params }) => ({ hello: params.name }))
export const handler = (event, context) => app.resolve(event, context)`,
  fastify: `import fastify from 'fastify'
import awsLambdaFastify from '@fastify/aws-lambda'
const app = fastify()
app.get('/hello/:name', async (request) => ({ hello: request.params.name }))
export const handler = awsLambdaFastify(app)`,
  koa: `import Koa from 'koa'
import serverlessHttp from 'serverless-http'
const app = new Koa()
app.use((ctx) => {
  const match = /^\\/hello\\/([^/]+)$/.exec(ctx.path)
  if (match) ctx.body = { hello: match[1] }
})
export const handler = serverlessHttp(app)`,
  itty: `import { Router } from 'itty-router'
const router = Router()
router.get('/hello/:name', ({ params }) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ hello: params.name }),
}))
export const handler = (event) =>
  router.fetch({ method: event.httpMethod ?? event.requestContext.http.method, url: 'http://localhost' + (event.rawPath ?? event.path) })`,
} as const satisfies Record<ContenderName | 'empty', string>

export type HelloName = keyof typeof helloSources
