import { lambdaContext } from '@expressway/testing/context'
import { httpApiEvent } from '@expressway/testing/events'
import { describe, expect, it } from 'vitest'
import { both, compare, type Target } from '../porting/compare.ts'
import { handler as after } from './after.ts'
import { handler } from './before.ts'

const before = handler as Target

describe('the same answers', () => {
  compare(before, after, ['http-api', 'rest-api', 'function-url'], {
    'a path, a query and cookies': (client) => client.get('/users/ada?q=a%20b'),
    'below the base path': (client) => client.get('/shop/users/ada'),
    'a JSON body': (client) => client.post('/users').send({ name: 'Ada' }),
    'a picture': (client) => client.get('/logo').accept('image/png').binaryMediaTypes(['image/png']),
    'the request id': (client) => client.get('/request'),
    'the client': (client) => client.get('/client'),
    'no route': (client) => client.get('/nothing'),
  })
})

describe('what differs', () => {
  const ask = both(before, after)

  it('bytes of a type that the option binary does not name', async () => {
    const { was, is } = await ask((client) => client.get('/report'))
    expect([was, is].map(({ rawBody }) => rawBody.toString('hex'))).toEqual(['25efbfbdefbfbd', '25fffe'])
  })

  it('the stage of an HTTP API', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').stage('prod'))
    expect([was.status, is.status]).toEqual([404, 200])
  })

  it('cookies behind a load balancer', async () => {
    const { was, is } = await ask((client) => client.get('/users/ada').via('alb'))
    expect(was.headers['set-cookie']).toBeUndefined()
    expect(is.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Path=/'])
  })

  it('the client behind a load balancer', async () => {
    const { was, is } = await ask((client) => client.get('/client').via('alb').gatewayOptions({ protocol: 'http' }))
    expect(was.body).toEqual({ protocol: 'https' })
    expect(is.body).toEqual({ ip: '192.0.2.1', protocol: 'http' })
  })

  it('a body that no parser reads', async () => {
    const { was, is } = await ask((client) => client.post('/users').type('text').send('tea'))
    expect(was.body).toEqual({ type: 'Buffer', data: [...Buffer.from('tea')] })
    expect(is.text).toBe('')
  })

  it('VPC Lattice', async () => {
    const { was, is } = await ask((client) => client.get('/client').via('vpc-lattice'))
    expect([was.status, is.status]).toEqual([502, 200])
  })

  it('the event, which stays as it is', async () => {
    const [given, left, changed] = [0, 0, 0].map(() => httpApiEvent({ path: '/shop/client' }))
    await after(left, lambdaContext())
    await handler(changed!, lambdaContext())
    expect(left).toEqual(given)
    expect(changed).not.toEqual(given)
  })
})
