import { createRequire } from 'node:module'
import express, { type Express } from '@expressway/express-shim'
import request from '@expressway/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { allowLog } from '../../test/expect-log.ts'
import { both, compare } from '../porting/compare.ts'
import { handler as after } from './after.ts'

const before = createRequire(import.meta.url)('./as-it-is.cjs').handler

// Express 4 warns of what Express 5 does not have.
beforeEach(() => allowLog(/^DeprecationError/))

describe('the same answers', () => {
  compare(before, after, ['http-api', 'rest-api', 'alb'], {
    'a wildcard': (client) => client.get('/files/a/b%20c.txt'),
    'an optional parameter': (client) => client.get('/reports/2026'),
    'both parameters': (client) => client.get('/reports/2026/11'),
    'a parameter that is no number': (client) => client.get('/reports/next'),
    'a nested query': (client) => client.get('/search?text=tea&filter[kind]=green'),
    'a deletion': (client) => client.delete('/notes/7'),
    'a JSON body': (client) => client.post('/notes').send({ text: 'tea' }),
    'no body': (client) => client.post('/notes'),
    'a redirect': (client) => client.get('/old'),
    'the way back': (client) => client.get('/back').set('Referer', '/notes'),
    'no route': (client) => client.get('/nothing'),
  })
})

it('answers an error as before, without next', async () => {
  const { was, is } = await both(before, after)((client) => client.get('/broken'))
  expect([was.status, is.status]).toEqual([500, 500])
})

describe('what an unchanged line does', () => {
  const app = express() as Express & Record<'del', unknown>
  app.get('/send', (_req, res) => void res.send(404 as never))
  app.get('/json', (_req, res) => void (res.json as (...args: unknown[]) => void)({ ok: true }, 201))
  app.get('/redirect', (_req, res) => (res.redirect as (...args: unknown[]) => void)('/new', 301))
  app.get('/back', (_req, res) => res.redirect('back'))
  app.get('/query', (req, res) => void res.json(req.query))
  app.post('/body', (req, res) => void res.json({ body: typeof req.body }))

  it.each(['/files/*', '/:id?', '/:id(\\d+)', '*'])('%s throws when it is registered', (path) =>
    expect(() => app.get(path, () => {})).toThrow('https://git.new/pathToRegexpError'),
  )

  it('is no function any more', () => {
    expect(app.del).toBeUndefined()
    expect(express.request).not.toHaveProperty('param')
    expect(express.response).not.toHaveProperty('sendfile')
  })

  it.each([
    ['/send', 200, '404'],
    ['/json', 200, '{"ok":true}'],
    ['/query?a[b]=1', 200, '{"a[b]":"1"}'],
  ])('%s', async (path, status, body) => {
    await request(app).get(path).expect(status, body)
  })

  it('sends the client to the page "back"', () => request(app).get('/back').redirects(0).expect('location', 'back'))
  it('refuses the arguments of redirect', () => request(app).get('/redirect').redirects(0).expect(500))
  it('has no body without a parser', () => request(app).post('/body').expect({ body: 'undefined' }))
})
