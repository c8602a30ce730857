import 'reflect-metadata'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Any, load, type Middleware } from '../scenario.ts'

type Decorator = (...target: Any[]) => void

/** Decorates a method and its parameters: the syntax itself is not erasable. */
export function method(
  type: Any,
  name: string,
  decorators: Decorator[],
  parameters: (Decorator | undefined)[] = [],
): void {
  const descriptor = Object.getOwnPropertyDescriptor(type.prototype, name)
  for (const decorate of decorators) decorate(type.prototype, name, descriptor)
  for (const [index, decorate] of parameters.entries()) decorate?.(type.prototype, name, index)
}

function shopModule(note: (...values: unknown[]) => void): Any {
  const nest = load('@nestjs/common')
  const { FileInterceptor } = load('@nestjs/platform-express')
  class Items {
    find(id: number, query: Any, host: string) {
      return { id, query, host }
    }
    create(body: unknown, req: Any) {
      return { body, raw: req.rawBody?.length }
    }
    fail() {
      throw new nest.ForbiddenException('not yours')
    }
    crash() {
      throw new Error('oops')
    }
    away() {
      return { url: '/items/2', statusCode: 301 }
    }
    upload(file: Any, body: unknown) {
      return { name: file.originalname, size: file.size, body }
    }
    download() {
      return new nest.StreamableFile(Buffer.from('file content'), { type: 'text/plain', disposition: 'attachment' })
    }
    express(res: Any) {
      res.status(418).cookie('a', '1').json({ teapot: true })
    }
    events() {
      const { from } = load('rxjs')
      return from([{ data: { n: 1 } }, { data: { n: 2 } }])
    }
  }
  const { Body, Controller, Get, Headers, Param, ParseIntPipe, Post, Query, Redirect, Req, Res, Sse, UploadedFile } =
    nest
  method(Items, 'find', [Get(':id')], [Param('id', ParseIntPipe), Query(), Headers('host')])
  method(Items, 'create', [Post()], [Body(), Req()])
  method(Items, 'fail', [Get('error/forbidden')])
  method(Items, 'crash', [Get('error/crash')])
  method(Items, 'away', [Get('to/away'), Redirect('/items/1', 302)])
  method(Items, 'upload', [Post('upload'), nest.UseInterceptors(FileInterceptor('file'))], [UploadedFile(), Body()])
  method(Items, 'download', [Get('file/download')])
  method(Items, 'express', [Get('own/response')], [Res()])
  method(Items, 'events', [Sse('live/events')])
  Controller('items')(Items)
  class Shop {
    configure(consumer: Any) {
      consumer
        .apply((req: Any, _res: Any, next: Any) => {
          note(`${req.method} ${req.originalUrl}`)
          next()
        })
        .forRoutes('items')
    }
  }
  nest.Module({ controllers: [Items] })(Shop)
  return Shop
}

export const nest: Middleware = {
  name: 'NestJS (ExpressAdapter)',
  packages: ['@nestjs/core', '@nestjs/platform-express'],
  note: 'Give the adapter the application of the shim: `new ExpressAdapter(express())`; `await app.init()` replaces `listen()`.',
  scenarios: [
    {
      title: 'controllers, pipes, middleware, exceptions, redirects, uploads, files, CORS, parsers and raw bodies',
      async build(express, { note, after }) {
        const { NestFactory } = load('@nestjs/core')
        const { ExpressAdapter } = load('@nestjs/platform-express')
        const instance = express()
        const adapter = new ExpressAdapter(instance)
        const app = await NestFactory.create(shopModule(note), adapter, { logger: false, rawBody: true, cors: true })
        app.set('trust proxy', 1)
        app.useBodyParser('text')
        app.use(load('cookie-parser')())
        app.setGlobalPrefix('api')
        await app.init()
        after(() => app.close())
        return instance
      },
      async talk(client) {
        expect((await client.get('/api/items/7?a=1')).json()).toEqual({ id: 7, query: { a: '1' }, host: 'example.com' })
        expect((await client.get('/api/items/x')).json()).toMatchObject({ statusCode: 400 })
        const made = await client.post('/api/items', { json: { name: 'ü' } })
        expect([made.status, made.json()]).toEqual([201, { body: { name: 'ü' }, raw: 13 }])
        expect((await client.post('/api/items', { form: { a: '1' } })).json().body).toEqual({ a: '1' })
        expect(
          (await client.post('/api/items', { body: 'text', headers: { 'content-type': 'text/plain' } })).json().body,
        ).toBe('text')
        expect((await client.get('/api/items/error/forbidden')).json()).toMatchObject({
          statusCode: 403,
          message: 'not yours',
        })
        expect((await client.get('/api/items/error/crash')).json()).toMatchObject({ statusCode: 500 })
        const away = await client.get('/api/items/to/away')
        expect([away.status, away.headers.location]).toEqual([301, '/items/2'])
        const file = { name: 'file', value: 'bytes', filename: 'a.txt', type: 'text/plain' }
        const upload = await client.post('/api/items/upload', { parts: [file, { name: 'title', value: 'A' }] })
        expect(upload.json()).toEqual({ name: 'a.txt', size: 5, body: { title: 'A' } })
        const download = await client.get('/api/items/file/download')
        expect([download.text, download.headers['content-disposition']]).toEqual(['file content', 'attachment'])
        expect((await client.get('/api/items/own/response')).status).toBe(418)
        expect((await client.get('/api/none')).json()).toMatchObject({ message: 'Cannot GET /api/none' })
        expect((await client.send('OPTIONS', '/api/items/7')).headers['access-control-allow-origin']).toBe('*')
        expect((await client.get('/api/items/live/events')).text).toContain('data: {"n":2}')
        expect(client.notes).toContain('GET /api/items/7?a=1')
      },
    },
    {
      title: 'static files, views, versions, and an http.Server underneath',
      async build(express, { note, after }) {
        const nest = load('@nestjs/common')
        class Pages {
          page() {
            return { name: '<Ann>' }
          }
          second() {
            return 'second'
          }
        }
        method(Pages, 'page', [nest.Get('page'), nest.Render('nest-page')])
        method(Pages, 'second', [nest.Version('2'), nest.Get('page')])
        nest.Controller()(Pages)
        class Site {}
        nest.Module({ controllers: [Pages] })(Site)
        const instance = express()
        const { ExpressAdapter } = load('@nestjs/platform-express')
        const app = await load('@nestjs/core').NestFactory.create(Site, new ExpressAdapter(instance), { logger: false })
        const views = mkdtempSync(join(tmpdir(), 'expressway-'))
        after(() => rmSync(views, { recursive: true }))
        writeFileSync(join(views, 'nest-page.ejs'), '<p><%= name %></p>')
        app.useStaticAssets(import.meta.dirname, { prefix: '/static/', index: false })
        app.setBaseViewsDir(views)
        app.setViewEngine('ejs')
        app.enableVersioning({
          type: nest.VersioningType.HEADER,
          header: 'x-version',
          defaultVersion: '1',
        })
        app.disable('x-powered-by')
        await app.init()
        note(typeof app.getHttpServer().listen)
        after(() => app.close())
        return instance
      },
      async talk(client) {
        const { text, headers } = await client.get('/page', { 'x-version': '1' })
        expect([text, headers['x-powered-by']]).toEqual(['<p>&lt;Ann&gt;</p>', undefined])
        expect((await client.get('/page', { 'x-version': '2' })).text).toBe('second')
        expect((await client.get('/static/nest.ts')).text).toContain('export const nest')
        expect((await client.get('/static/none.ts')).status).toBe(404)
      },
    },
  ],
}
