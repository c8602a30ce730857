import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import shim from '@expressway/express-shim'
import express from 'express'
import { describe, expect, test } from 'vitest'
import request, { agent } from '../src/client/client.ts'
import { listen } from './client-express-app.ts'
import type { AnyClient } from './client-scenarios/scenario.ts'

// It comes without types under this name.
const express4 = createRequire(import.meta.url)('express4') as typeof express

function showUser(_req: AnyClient, res: AnyClient): void {
  res.send('user')
}

function createApp(make: AnyClient): AnyClient {
  const app = make()
  app.param('id', (_req: AnyClient, _res: AnyClient, next: AnyClient) => next())
  app.use(function authenticate(_req: AnyClient, _res: AnyClient, next: AnyClient) {
    next()
  })
  const users = make.Router()
  users.use(function audit(_req: AnyClient, _res: AnyClient, next: AnyClient) {
    next()
  })
  users.get('/:id', (_req: AnyClient, _res: AnyClient, next: AnyClient) => next(), showUser)
  users.get('/', function listUsers(_req: AnyClient, res: AnyClient) {
    res.send('users')
  })
  app.use('/users', users)
  const inner = make()
  inner.get('/status', function status(_req: AnyClient, res: AnyClient) {
    res.send('fine')
  })
  app.use('/inner', inner)
  app.get('/fails', function fails() {
    throw new Error('no')
  })
  app.use(function onError(_error: unknown, _req: AnyClient, res: AnyClient, _next: unknown) {
    res.status(500).send('failed')
  })
  return app
}

const seen = ({ trace = [] }: { trace?: readonly AnyClient[] }) =>
  trace.map(({ name, path, kind, method }) => [name, path, kind, ...(method ? [method] : [])])

describe.each<[string, () => AnyClient]>([
  ['Express', () => createApp(express)],
  ['an Express server', () => createServer(createApp(express))],
  ['the shim on Lambda', () => createApp(shim)],
  ['a handler of the shim', () => createApp(shim).handler],
  ['a server of the shim', () => createServer(createApp(shim))],
])('the layers of %s', (_, target) => {
  test('in order, with their paths', async () => {
    const response = await request(target()).get('/users/7').traceLayers().expect(200, 'user')
    expect(seen(response)).toEqual([
      ['authenticate', '/', 'middleware'],
      ['router', '/users', 'middleware'],
      ['audit', '/users', 'middleware'],
      ['<anonymous>', '/users/:id', 'route', 'GET'],
      ['showUser', '/users/:id', 'route', 'GET'],
    ])
    expect(seen(await request(target()).get('/users').traceLayers()).at(-1)).toEqual([
      'listUsers',
      '/users',
      'route',
      'GET',
    ])
    const inner = await request(target()).get('/inner/status').expectHandledBy('GET /inner/status').expect('fine')
    expect(seen(inner).at(-2)).toEqual(['mounted_app', '/inner', 'middleware'])
    expect(seen(await request(target()).get('/fails').traceLayers()).slice(-2)).toEqual([
      ['fails', '/fails', 'route', 'GET'],
      ['onError', '/', 'error'],
    ])
  })

  test('are expected by name, path or function', async () => {
    await request(target())
      .get('/users/7')
      .expectHandledBy('authenticate')
      .expectHandledBy('/users')
      .expectHandledBy('GET /users/:id')
      .expectHandledBy(/^show/)
      .expectHandledBy(showUser)
    await expect(request(target()).get('/users').expectHandledBy(showUser)).rejects.toThrow(
      "expected 'showUser' to handle it, got: authenticate /, router /users, audit /users, listUsers GET /users",
    )
  })

  test('of requests at the same time are kept apart', async () => {
    const app = target()
    const paths = ['/users/1', '/inner/status', '/users']
    const last = await Promise.all(paths.map((path) => request(app).get(path).traceLayers().then(seen)))
    expect(last.map((layers) => layers.at(-1)?.[1])).toEqual(['/users/:id', '/inner/status', '/users'])
  })
})

describe('the trace', () => {
  test('is there only where it is asked for, on an agent as well', async () => {
    expect((await request(createApp(express)).get('/users')).trace).toBeUndefined()
    expect(seen(await agent(createApp(express)).traceLayers().get('/users'))).toHaveLength(4)
  })

  test('is that of a failure too, and of every gateway', async () => {
    const failure = await request(createApp(shim))
      .get('/users/7')
      .viaAll()
      .expectHandledBy('nobody')
      .catch((e) => e)
    expect(failure.message).toContain('showUser GET /users/:id (through rest-api)')
  })

  test('says what it needs where there is none', async () => {
    const { server, origin } = await listen(createApp(express4))
    const failing = request(origin).get('/users').expectHandledBy('listUsers')
    await expect(failing).rejects.toThrow(
      "expected 'listUsers' to handle it, but no layer was seen: the application has to run in this process, on Express 5.3",
    )
    server.close()
  })
})
