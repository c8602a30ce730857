import { createApp } from '@expressway/core'
import shim from '@expressway/express-shim'
import express, { type Express } from 'express'
import { describe, expect, test } from 'vitest'
import request, { agent, type Client } from '../src/client/client.ts'
import { listen } from './client-express-app.ts'

function define(create: () => Express): Express {
  const app = create()
  app.disable('x-powered-by')
  app.use(express.json())
  app.get('/hello/:name', (req, res) => void res.type('html').send(`Hello ${req.params.name}!`))
  app.post('/orders', (req, res) => void res.status(201).location('/orders/1').json(req.body))
  app.get('/login', (_req, res) => void res.cookie('sid', 'abc', { httpOnly: true }).redirect('/me'))
  app.get('/me', (req, res) => void res.json({ cookie: req.headers.cookie ?? null }))
  return app
}

/** One suite for the old server, the ported function and a deployed URL. */
async function suite(client: Client): Promise<void> {
  await client.get('/hello/ada').set('Accept', 'text/html').expect('Content-Type', /html/).expect(200, 'Hello ada!')
  await client.post('/orders').send({ sku: 1 }).expect('Location', '/orders/1').expect(201, { sku: 1 })
  await client.get('/login').expect(302).expect('Location', '/me').expectCookie('sid', 'abc', { httpOnly: true })
  await client
    .get('/nowhere')
    .expect(404)
    .expect(/Cannot GET \/nowhere/)
}

describe('one suite runs three ways', () => {
  test('against an Express server', () => suite(request(define(express))))
  test('against the same application in a function', () => suite(request(define(shim as never as typeof express))))
  test('against a URL', async () => {
    const { server, origin } = await listen(define(express))
    await suite(request(origin))
    server.close()
  })
})

test('an application answers the same through every gateway', async () => {
  const app = define(shim as never as typeof express)
  await request(app).get('/hello/ada').viaAll().expect(200, 'Hello ada!')
  await request(app).post('/orders').send({ sku: 1 }).viaAll().expect(201, { sku: 1 }).expectGateway('ok')
  await agent(app).redirects(1).get('/login').viaAll().expect(200, { cookie: 'sid=abc' })
})

test('an application of core is one as well', async () => {
  const app = createApp().get('/hello/:name', (req, res) => res.text(`Hello ${req.params.name}!`))
  const response = await request(app).get('/hello/ada').viaAll().expect(200, 'Hello ada!')
  expect(Object.keys(response.all)).toHaveLength(8)
})
