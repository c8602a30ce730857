import { lambdaContext } from '@expressway/testing/context'
import { describe, expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
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
    'the client': (client) => client.get('/client'),
  })
})

describe('what differs', () => {
  const ask = both(before, after)

  it('no route', async () => {
    const { was, is } = await ask((client) => client.get('/nothing'))
    expect([was.status, is.status]).toEqual([500, 404])
  })

  it('the stage of an HTTP API', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').stage('prod'))
    expect([was.status, is.status]).toEqual([500, 200])
  })

  it('a REST API’s {proxy+} below a path', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').via('rest-api').resource('/users/{proxy+}'))
    expect([was.status, is.status]).toEqual([500, 200])
  })

  it('cookies behind a load balancer', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').via('alb'))
    expect(was.headers['set-cookie']).toEqual(['a=1; Path=/'])
    expect(is.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Path=/'])
  })

  it('the client behind a load balancer', async () => {
    const { was, is } = await ask((client) => client.get('/client').via('alb').gatewayOptions({ protocol: 'http' }))
    expect(was.body).toEqual({ ip: '', protocol: 'https' })
    expect(is.body).toEqual({ ip: '192.0.2.1', protocol: 'http' })
  })

  it('a stray % in a query behind a load balancer', async () => {
    expectLog(/URIError: URI malformed/)
    const { was, is } = await ask((client) => client.get('/users/ada?q=100%').via('alb'))
    expect([was.status, is.status]).toEqual([500, 200])
  })
})

it('answers a queue as before', async () => {
  const event = { Records: [{ eventSource: 'aws:sqs', messageId: '1', body: '{}' }] }
  const was = await (before as typeof after)(event, lambdaContext())
  expect(await after(event, lambdaContext())).toEqual(was)
  expect(was).toEqual({ records: 1 })
})
