// Each framework on a server of its own, as before, and behind the listener.
import { createServer } from 'node:http'
import { NestFactory } from '@nestjs/core'
import { toNodeHandler } from 'h3'
import { describe } from 'vitest'
import { compare } from '../porting/compare.ts'
import * as express from './express.ts'
import * as fastify from './fastify.ts'
import * as h3 from './h3.ts'
import * as hapi from './hapi.ts'
import * as koa from './koa.ts'
import * as nest from './nest.ts'
import { AppModule } from './nest-module.ts'

await fastify.app.ready()
await hapi.server.initialize()
const nestApp = await (await NestFactory.create(AppModule, { logger: false })).init()

describe.each([
  { name: 'Express', server: createServer(express.app), handler: express.handler },
  { name: 'Fastify', server: fastify.app.server, handler: fastify.handler },
  { name: 'h3', server: createServer(toNodeHandler(h3.app)), handler: h3.handler },
  { name: 'Hapi', server: hapi.server.listener, handler: hapi.handler },
  { name: 'Koa', server: createServer(koa.app.callback()), handler: koa.handler },
  { name: 'Nest', server: nestApp.getHttpServer(), handler: nest.handler },
])('$name', ({ server, handler }) => {
  compare(server, handler, ['http-api', 'rest-api', 'alb'], {
    'a path': (client) => client.get('/hello/ada'),
    'an escaped path, and a query': (client) => client.get('/hello/a%20b?q=1'),
    'the fields alone': (client) => client.head('/hello/ada'),
  })
})
