import { createRequire } from 'node:module'
import realExpress from 'express'
import supertest from 'supertest'
import { afterAll, describe, expect, it } from 'vitest'
import { serveStatic } from '../../src/files/static.ts'
import { type Build, same } from '../differential/harness.ts'
import { makeTree } from './outcome.ts'

// They have no types of their own.
const require = createRequire(import.meta.url)
const compression = require('compression') as (options: object) => realExpress.RequestHandler
const serveIndex = require('serve-index') as (root: string) => realExpress.RequestHandler

const { root, remove } = makeTree()
afterAll(remove)

const paths = [
  '/',
  '/name.txt',
  '/users',
  '/users/',
  '/missing.txt',
  '/big.bin',
  '/sp%20ace.txt',
  '/.hidden',
  '/%',
  '/page?x=1',
  '/empty.txt',
]
const get = (path: string, headers: Record<string, string> = {}) => ({ path, headers })

describe('an application with static files', () => {
  it('answers alike through every source', async () => {
    const app: Build = (express) => express().use(express.static(root, { extensions: ['html'], maxAge: '1h' }))
    await same(
      app,
      paths.map((path) => get(path)),
    )
    await same(
      app,
      paths.map((path) => ({ method: 'HEAD', path })),
    )
    await same(app, [{ method: 'POST', path: '/name.txt' }])
  })

  it('answers alike where it is mounted, and without fallthrough', async () => {
    const app: Build = (express) => {
      const assets = express.Router().use('/files', express.static(root, { fallthrough: false }))
      return express()
        .use('/a/:b', assets)
        .use(((error, _req, res, _next) => {
          res
            .status(error.status)
            .json({ name: error.name, message: error.message, expose: error.expose, code: error.code })
        }) as realExpress.ErrorRequestHandler)
    }
    const mounted = ['', '/', '/users', '/users?x=1', '/missing.txt', '/%', '/../name.txt', '/name.txt/x']
    await same(
      app,
      mounted.map((path) => get(`/a/b/files${path}`)),
    )
    await same(app, [{ method: 'PUT', path: '/a/b/files/name.txt' }])
  })

  it('answers conditions and ranges alike, errors included', async () => {
    const app: Build = (express) => express().use(express.static(root))
    await same(app, [
      get('/name.txt', { range: 'bytes=2-5' }),
      get('/name.txt', { range: 'bytes=90-' }),
      get('/name.txt', { range: 'bytes=0-1,4-5' }),
      get('/name.txt', { 'if-none-match': '*' }),
      get('/name.txt', { 'if-match': '"x"' }),
      get('/name.txt', { 'if-modified-since': 'Sun, 04 Feb 2024 04:05:06 GMT' }),
    ])
  })

  it('goes through compression as in Express', async () => {
    const app: Build = (express) => express().use(compression({ threshold: 0 }), express.static(root))
    // How the compressor cuts its output depends on the pieces that it is given, which are the same.
    await same(app, [
      get('/name.txt', { 'accept-encoding': 'gzip' }),
      get('/index.html', { 'accept-encoding': 'gzip, deflate' }),
      get('/big.bin', { 'accept-encoding': 'gzip' }),
      get('/name.txt', { 'accept-encoding': 'identity' }),
      get('/name.txt', { 'accept-encoding': 'gzip', range: 'bytes=2-5' }),
      { method: 'HEAD', path: '/name.txt', headers: { 'accept-encoding': 'gzip' } },
    ])
  })

  it('works beside serve-index', async () => {
    const app: Build = (express) => express().use(express.static(root, { index: false }), serveIndex(root))
    await same(app, [
      get('/users/', { accept: 'application/json' }),
      get('/bare/', { accept: 'text/plain' }),
      get('/name.txt'),
    ])
  })

  it('sends files from handlers, with and without a callback', async () => {
    const app: Build = (express, note) => {
      const files = express()
      files.get('/file/:name', (req, res) => res.sendFile(req.params.name, { root, headers: { 'X-Own': 'yes' } }))
      files.get('/heard/:name', (req, res) => {
        res.sendFile(req.params.name, { root, dotfiles: 'deny' }, (error) => {
          note(error ? [error.message.replaceAll(root, ''), (error as { status?: number }).status] : 'sent')
          if (error && !res.headersSent) res.status(418).end()
        })
      })
      files.get('/load/:name', (req, res) => res.download(req.params.name, 'own näme.txt', { root, maxAge: 1000 }))
      return files
    }
    const names = ['name.txt', 'missing', 'users', 'big.bin', 'empty.txt', '.hidden']
    for (const way of ['file', 'heard', 'load']) {
      await same(
        app,
        names.map((name) => get(`/${way}/${name}`)),
      )
      await same(
        app,
        names.map((name) => ({ method: 'HEAD', path: `/${way}/${name}` })),
      )
    }
  })
})

describe('in the real Express', () => {
  it('our static files are served as by its own', async () => {
    const app = realExpress()
      .use('/own', serveStatic(root) as never)
      .use('/theirs', realExpress.static(root))
    for (const path of ['/name.txt', '/', '/users', '/missing']) {
      const [own, theirs] = [await supertest(app).get(`/own${path}`), await supertest(app).get(`/theirs${path}`)]
      expect([own.status, own.text?.replace('/own/', '/theirs/')]).toEqual([theirs.status, theirs.text])
    }
  })
})
