import { describe, expect, it } from 'vitest'
import { both, compare, type Target } from '../porting/compare.ts'
import { handler as after } from './after.ts'
import { handler } from './before.ts'

const before = handler as Target

describe('the same answers', () => {
  compare(before, after, ['http-api', 'rest-api', 'function-url'], {
    'a path, a query and cookies': (client) => client.get('/users/ada?q=a%20b'),
    'a JSON body': (client) => client.post('/users').send({ name: 'Ada' }),
    bytes: (client) => client.get('/report').accept('application/pdf').binaryMediaTypes(['*/*']),
    'the request id': (client) => client.get('/request'),
    'no route': (client) => client.get('/nothing'),
  })
})

describe('what differs', () => {
  const ask = both(before, after)

  it('the protocol', async () => {
    const { was, is } = await ask((client) => client.get('/client'))
    expect(was.body).toEqual({ ip: '192.0.2.1', protocol: 'http' })
    expect(is.body).toEqual({ ip: '192.0.2.1', protocol: 'https' })
  })

  it('the stage of an HTTP API', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').stage('prod'))
    expect([was.status, is.status]).toEqual([404, 200])
  })

  it('a comma in a query, which is no list', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada?q=a,b'))
    expect(was.body).toEqual({ id: 'ada', q: ['a', 'b'] })
    expect(is.body).toEqual({ id: 'ada', q: 'a,b' })
  })

  it('a load balancer with multi-value headers', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').via('alb-multi-value'))
    expect([was, is].map(({ headers }) => headers['content-type'])).toEqual([
      undefined,
      'application/json; charset=utf-8',
    ])
  })

  it('a load balancer without them: cookies, and the client', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').via('alb'))
    expect([was, is].map(({ headers }) => headers['set-cookie'])).toEqual([undefined, ['a=1', 'b=2']])
    const client = await ask((client) => client.get('/client').via('alb'))
    expect([client.was.body.ip, client.is.body.ip]).toEqual(['127.0.0.1', '192.0.2.1'])
  })

  it('a stray % in a query behind a load balancer', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada?q=100%').via('alb'))
    expect([was.status, is.status]).toEqual([502, 200])
  })
})
