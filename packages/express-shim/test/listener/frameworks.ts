import 'reflect-metadata'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import type { ListenerTarget } from '@expressway/express-shim/listener'
import Hapi from '@hapi/hapi'
import { Controller, Get, Module, Param, Post, Query, Req, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import express, { type Express, type Request, type Response } from 'express'
import fastify from 'fastify'
import { appendResponseHeader, H3, HTTPError, HTTPResponse, toNodeHandler } from 'h3'
import Koa from 'koa'

type ConnectRequest = IncomingMessage & { originalUrl: string }
type Next = (error?: unknown) => void

interface Connect {
  (req: IncomingMessage, res: ServerResponse): void
  use(path: string, handler: (req: ConnectRequest, res: ServerResponse, next: Next) => void): void
}

// Neither has types of its own; Express 4 is as Express 5 for what is used here.
const require = createRequire(import.meta.url)
const connect: () => Connect = require('connect')
const express4: typeof express = require('express4')

/** 256 bytes, each value once: what is not UTF-8 and no text. */
export const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))

/** The same small application in each framework: what its routes answer is the framework's own affair. */
export const frameworks: Record<string, () => ListenerTarget | Promise<ListenerTarget>> = {
  'Express 4': () => expressApp(express4),
  'Express 5': () => expressApp(express),
  'Koa 3': koaApp,
  'Fastify 5': fastifyApp,
  'Nest 12': nestApp,
  Connect: connectApp,
  'Hapi 21': hapiApp,
  'h3 2': h3App,
}

// Its stack would differ by the frames below the listener.
const failure = (): Error => Object.assign(new Error('broken'), { stack: 'Error: broken' })

async function* chunks() {
  for (const chunk of ['one ', 'two ', 'thrée']) {
    await pause(2)
    yield Buffer.from(chunk)
  }
}

function expressApp(factory: typeof express): Express {
  const app = factory()
  app.get('/hello/:name', (req, res) => void res.json({ hello: req.params.name, q: req.query.q, host: req.hostname }))
  app.post('/json', factory.json(), (req, res) => void res.status(201).json({ got: req.body }))
  app.post('/upload', factory.raw({ type: '*/*' }), (req, res) => void res.type('image/png').send(req.body))
  app.get('/image', (_req, res) => void res.type('png').send(bytes))
  app.get('/redirect', (_req, res) => res.cookie('a', '1, 2').cookie('b', '3', { httpOnly: true }).redirect('/to?x=1'))
  app.get('/stream', async (_req, res) => {
    res.type('text/plain')
    for await (const chunk of chunks()) res.write(chunk)
    res.end()
  })
  app.get('/error', (_req, _res, next) => next(failure()))
  return app
}

function koaApp(): ListenerTarget {
  const app = new Koa()
  app.silent = true
  app.use(async (ctx) => {
    const { Readable } = await import('node:stream')
    if (ctx.path.startsWith('/hello/')) {
      ctx.body = { hello: decodeURIComponent(ctx.path.slice(7)), q: ctx.query.q, host: ctx.hostname }
    } else if (ctx.path === '/json') {
      ctx.status = 201
      ctx.body = { got: JSON.parse((await buffer(ctx.req)).toString()) }
    } else if (ctx.path === '/upload') {
      ctx.type = 'image/png'
      ctx.body = await buffer(ctx.req)
    } else if (ctx.path === '/image') {
      ctx.type = 'image/png'
      ctx.body = bytes
    } else if (ctx.path === '/redirect') {
      ctx.cookies.set('a', '1', { secure: false })
      ctx.cookies.set('b', '3', { secure: false, httpOnly: false })
      ctx.redirect('/to?x=1')
    } else if (ctx.path === '/stream') {
      ctx.type = 'text/plain'
      ctx.body = Readable.from(chunks())
    } else if (ctx.path === '/error') throw failure()
  })
  return app.callback()
}

async function fastifyApp(): Promise<ListenerTarget> {
  const { Readable } = await import('node:stream')
  const app = fastify()
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_req, body, done) => done(null, body))
  app.get<{ Params: { name: string }; Querystring: { q?: string } }>('/hello/:name', (request) => {
    return { hello: request.params.name, q: request.query.q, host: request.hostname }
  })
  app.post('/json', (request, reply) => reply.code(201).send({ got: request.body }))
  app.post('/upload', (request, reply) => reply.type('image/png').send(request.body))
  app.get('/image', (_request, reply) => reply.type('image/png').send(bytes))
  app.get('/redirect', (_request, reply) => {
    return reply
      .type('text/plain')
      .header('set-cookie', 'a=1')
      .header('set-cookie', 'b=3; HttpOnly')
      .redirect('/to?x=1')
  })
  app.get('/stream', (_request, reply) => reply.type('text/plain').send(Readable.from(chunks())))
  app.get('/error', () => {
    throw failure()
  })
  await app.ready()
  return app.routing
}

class ShopController {
  hello(name: string, q: string | undefined, req: Request): object {
    return { hello: name, q, host: req.hostname }
  }
  json(req: Request): object {
    return { got: req.body }
  }
  async upload(req: Request, res: Response): Promise<void> {
    res
      .status(200)
      .type('image/png')
      .send(await buffer(req))
  }
  image(res: Response): void {
    res.type('png').send(bytes)
  }
  redirect(res: Response): void {
    res.cookie('a', '1').cookie('b', '3', { httpOnly: true }).redirect('/to?x=1')
  }
  async stream(res: Response): Promise<void> {
    res.type('text/plain')
    for await (const chunk of chunks()) res.write(chunk)
    res.end()
  }
  error(): void {
    throw failure()
  }
}

class ShopModule {}

// What decorators write, written out: TypeScript that only erases types has none.
function decorate(name: keyof ShopController, route: MethodDecorator, ...parameters: ParameterDecorator[]): void {
  const { prototype } = ShopController
  for (const [index, parameter] of parameters.entries()) parameter(prototype, name, index)
  route(prototype, name, Object.getOwnPropertyDescriptor(prototype, name)!)
}

async function nestApp(): Promise<ListenerTarget> {
  Controller()(ShopController)
  decorate('hello', Get('/hello/:name'), Param('name'), Query('q'), Req())
  decorate('json', Post('/json'), Req())
  decorate('upload', Post('/upload'), Req(), Res())
  decorate('image', Get('/image'), Res())
  decorate('redirect', Get('/redirect'), Res())
  decorate('stream', Get('/stream'), Res())
  decorate('error', Get('/error'))
  Module({ controllers: [ShopController] })(ShopModule)
  const app = await NestFactory.create(ShopModule, new ExpressAdapter(), { logger: false })
  await app.init()
  return app.getHttpAdapter().getInstance()
}

function connectApp(): ListenerTarget {
  const app = connect()
  app.use('/hello', (req, res) => {
    res.setHeader('Content-Type', 'application/json')
    res.end(JSON.stringify({ url: req.url, original: req.originalUrl, host: req.headers.host }))
  })
  app.use('/json', async (req, res) => {
    const body = await buffer(req)
    res.writeHead(201, 'Made', ['Content-Type', 'application/json', 'X-A', '1', 'X-A', '2'])
    res.end(body)
  })
  app.use('/upload', (req, res) => {
    res.setHeader('Content-Type', 'image/png')
    req.pipe(res)
  })
  app.use('/image', (_req, res) => {
    res.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': bytes.length })
    res.end(bytes.toString('hex'), 'hex')
  })
  app.use('/redirect', (_req, res) => {
    res.writeHead(302, { Location: '/to?x=1', 'Set-Cookie': ['a=1', 'b=3; HttpOnly'], 'Content-Type': 'text/plain' })
    res.end()
  })
  app.use('/stream', async (_req, res) => {
    res.setHeader('Content-Type', 'text/plain')
    for await (const chunk of chunks()) res.write(chunk)
    res.end()
  })
  app.use('/error', (_req, _res, next) => next(failure()))
  return app
}

async function hapiApp(): Promise<ListenerTarget> {
  const { Readable } = await import('node:stream')
  const server = Hapi.server({ debug: false })
  const payload = { parse: false, output: 'data' } as const
  server.route([
    {
      method: 'GET',
      path: '/hello/{name}',
      handler: ({ params, query, info }) => ({ hello: params.name, q: query.q, host: info.hostname }),
    },
    { method: 'POST', path: '/json', handler: ({ payload }, h) => h.response({ got: payload }).code(201) },
    {
      method: 'POST',
      path: '/upload',
      options: { payload },
      handler: (request, h) => h.response(request.payload as Buffer).type('image/png'),
    },
    { method: 'GET', path: '/image', handler: (_request, h) => h.response(bytes).type('image/png') },
    {
      method: 'GET',
      path: '/redirect',
      handler: (_request, h) => {
        const flags = { isSecure: false, isSameSite: false } as const
        return h.redirect('/to?x=1').type('text/plain').state('a', '1', flags).state('b', '3', flags)
      },
    },
    {
      method: 'GET',
      path: '/stream',
      handler: (_request, h) => h.response(Readable.from(chunks(), { objectMode: false })).type('text/plain'),
    },
    { method: 'GET', path: '/error', handler: () => Promise.reject(failure()) },
  ])
  await server.initialize()
  return server.listener
}

function h3App(): ListenerTarget {
  const app = new H3({ silent: true })
  app.get('/hello/:name', (event) => ({ path: event.url.pathname, q: event.url.searchParams.get('q') }))
  app.post('/json', async (event) => {
    event.res.status = 201
    return { got: await event.req.json() }
  })
  app.post('/upload', async (event) => {
    event.res.headers.set('content-type', 'image/png')
    return new Uint8Array(await event.req.arrayBuffer())
  })
  app.get('/image', () => new HTTPResponse(bytes, { headers: { 'content-type': 'image/png' } }))
  app.get('/redirect', (event) => {
    event.res.status = 302
    event.res.headers.set('location', '/to?x=1')
    event.res.headers.set('content-type', 'text/plain')
    appendResponseHeader(event, 'set-cookie', 'a=1')
    appendResponseHeader(event, 'set-cookie', 'b=3; HttpOnly')
    return ''
  })
  app.get('/stream', (event) => {
    event.res.headers.set('content-type', 'text/plain')
    return ReadableStream.from(chunks())
  })
  app.get('/error', () => {
    throw new HTTPError({ status: 500, message: 'broken' })
  })
  return toNodeHandler(app)
}
