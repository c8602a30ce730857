// What each framework answers with no setting of its own, asked through the gateways of the testing package.
import { Router } from '@aws-lambda-powertools/event-handler/http'
import { createApp, reply } from '@expressway/core'
import shim from '@expressway/express-shim'
import request from '@expressway/testing'
import awsLambdaFastify from '@fastify/aws-lambda'
import type { Application } from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import type { Request, Response } from 'lambda-api'
import serverlessHttp from 'serverless-http'
import type { ContenderName, LambdaHandler } from './contender.ts'
import express from './untyped/express.js'
import createApi from './untyped/lambda-api.js'
import serverlessExpress from './untyped/serverless-express.js'

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
const pdf = { 'content-type': 'application/pdf' }
const cookies = ['a=1', 'b=2']
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** Three routes: two cookies, a file, and the number of bytes of what was uploaded. */
function routesOf(app: Application, raw: typeof express.raw): Application {
  app.get('/login', (_req, res) => void res.setHeader('set-cookie', cookies).send('in'))
  app.get('/file', (_req, res) => void res.type('application/pdf').send(Buffer.from(bytes)))
  app.post(
    '/upload',
    raw({ type: 'application/pdf' }),
    (req, res) => void res.send(Buffer.from(req.body).toString('hex')),
  )
  return app
}

const hex = (body: ArrayBuffer | Uint8Array): string => Buffer.from(body as Uint8Array).toString('hex')

export const subjects: Partial<Record<ContenderName, () => LambdaHandler | Promise<LambdaHandler>>> = {
  core() {
    const app = createApp()
    app.get('/login', () => reply({ headers: { 'set-cookie': cookies }, body: 'in' }))
    app.get('/file', () => reply({ headers: pdf, body: bytes }))
    app.post('/upload', (req) => hex(req.bytes()))
    return app.handler
  },
  'express-shim': () => routesOf(shim() as never, shim.raw as never).handler,
  'express-serverless-http': () => serverlessHttp(routesOf(express(), express.raw)),
  'express-serverless-express': () => serverlessExpress({ app: routesOf(express(), express.raw) }),
  hono() {
    const app = new Hono()
    app.get('/login', (c) => {
      for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
      return c.text('in')
    })
    app.get('/file', (c) => c.body(bytes, 200, pdf))
    app.post('/upload', async (c) => c.text(hex(await c.req.arrayBuffer())))
    return handle(app) as LambdaHandler
  },
  'lambda-api'() {
    const api = createApi({ logger: { errorLogging: false } })
    api.get('/login', (_req: Request, res: Response) => res.cookie('a', '1').cookie('b', '2').send('in'))
    api.get('/file', (_req: Request, res: Response) => res.type('application/pdf').sendFile(Buffer.from(bytes)))
    api.post('/upload', (req: Request, res: Response) => res.send(hex(Buffer.from(req.body as string))))
    return (event, context) => api.run(event as never, context as never)
  },
  powertools() {
    const app = new Router({ logger: quiet as never })
    app.get('/login', () => {
      const headers = new Headers()
      for (const cookie of cookies) headers.append('set-cookie', cookie)
      return new globalThis.Response('in', { headers })
    })
    app.get('/file', ({ res }) => {
      res.headers.set('content-type', 'application/pdf')
      return bytes.buffer
    })
    app.post('/upload', async ({ req }) => new globalThis.Response(hex(await req.arrayBuffer())))
    return (event, context) => app.resolve(event, context as never)
  },
  async fastify() {
    const app = fastify()
    app.addContentTypeParser('application/pdf', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    app.get('/login', (_request, reply) => reply.header('set-cookie', cookies).send('in'))
    app.get('/file', (_request, reply) => reply.headers(pdf).send(Buffer.from(bytes)))
    app.post('/upload', async ({ body }) => hex(body as Buffer))
    const handler = awsLambdaFastify(app)
    await app.ready()
    return handler as LambdaHandler
  },
}

/** The questions of the table, each asked through one gateway: true if the client gets what the application sent. */
export const questions: Readonly<Record<string, (handler: LambdaHandler) => Promise<boolean>>> = {
  'Two cookies reach the client of a load balancer': async (handler) => {
    const { headers } = await request(handler as never)
      .get('/login')
      .via('alb')
      .responseType('blob')
    const set: string[] = [headers['set-cookie'] ?? []].flat()
    return cookies.every((cookie) => set.some((line) => line.startsWith(cookie)))
  },
  'A PDF file arrives whole': async (handler) => {
    const { body } = await request(handler as never)
      .get('/file')
      .via('http-api')
      .responseType('blob')
    return Buffer.isBuffer(body) && body.equals(bytes)
  },
  'An uploaded file arrives whole': async (handler) => {
    const upload = request(handler as never)
      .post('/upload')
      .via('http-api')
      .set(pdf)
      .send(Buffer.from(bytes))
    const { body } = await upload.responseType('blob')
    return String(body) === hex(bytes)
  },
  'Routes are found behind the stage /prod': async (handler) => {
    const { status } = await request(handler as never)
      .get('/login')
      .via('http-api')
      .stage('prod')
      .responseType('blob')
    return status === 200
  },
  'A path without a route is a 404': async (handler) => {
    const { status } = await request(handler as never)
      .get('/nothing')
      .via('http-api')
      .responseType('blob')
    return status === 404
  },
}

/** What each subject does, by question. */
export async function askAll(): Promise<Record<string, Partial<Record<ContenderName, boolean>>>> {
  const table: Record<string, Partial<Record<ContenderName, boolean>>> = {}
  for (const [name, make] of Object.entries(subjects)) {
    const handler = await make()
    for (const [question, ask] of Object.entries(questions)) {
      table[question] = { ...table[question], [name]: await ask(handler) }
    }
  }
  return table
}
