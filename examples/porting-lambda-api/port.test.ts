import { describe, expect, it } from 'vitest'
import { both, compare, type Target } from '../porting/compare.ts'
import { handler as after } from './after.ts'
import { handler } from './before.ts'

const before = handler as Target

describe('the same answers', () => {
  compare(before, after, ['http-api', 'rest-api', 'function-url'], {
    'a path, a query and a cookie': (client) => client.get('/v1/users/ada?q=a%20b'),
    'a JSON body': (client) => client.post('/v1/users').send({ name: 'Ada' }),
    'the client': (client) => client.get('/v1/client'),
    'an error': (client) => client.get('/v1/broken'),
    'a router': (client) => client.get('/v1/shop/orders'),
  })
})

describe('what differs', () => {
  const ask = both(before, after)

  it('the client’s address, which the client can write', async () => {
    const { was, is } = await ask((client) => client.get('/v1/client').set('X-Forwarded-For', '203.0.113.9'))
    expect(was.body).toEqual({ ip: '203.0.113.9' })
    expect(is.body).toEqual({ ip: '192.0.2.1' })
  })

  it('the stage of an HTTP API', async () => {
    const { was, is } = await ask((client) => client.get('/v1/users/ada').stage('prod'))
    expect([was.status, is.status]).toEqual([404, 200])
  })

  it('a name that is repeated in the query', async () => {
    const { was, is } = await ask((client) => client.get('/v1/users/ada?q=a&q=b'))
    expect([was.body.q, is.body.q]).toEqual(['a,b', ['a', 'b']])
  })

  it('VPC Lattice', async () => {
    const { was, is } = await ask((client) => client.get('/v1/users/ada').via('vpc-lattice'))
    expect([was.status, is.status]).toEqual([500, 200])
  })

  it('malformed JSON', async () => {
    const { was, is } = await ask((client) => client.post('/v1/users').type('json').send('{'))
    expect([was.status, is.status]).toEqual([201, 400])
  })

  it('the body of a 404, and middleware around it', async () => {
    const { was, is } = await ask((client) => client.get('/nothing'))
    expect(was.body).toEqual({ error: 'Route not found' })
    expect(is.body).toEqual({ statusCode: 404, message: 'Not found' })
    expect([was, is].map(({ headers }) => 'x-request' in headers)).toEqual([false, true])
  })

  it('a redirect, which has no page', async () => {
    const { was, is } = await ask((client) => client.get('/v1/old').redirects(0))
    expect([was, is].map(({ status, headers }) => [status, headers.location])).toEqual([
      [301, '/v1/users/1'],
      [301, '/v1/users/1'],
    ])
    expect([was.text, is.text]).toEqual(['<p>301 Redirecting to <a href="/v1/users/1">/v1/users/1</a></p>', ''])
  })
})
