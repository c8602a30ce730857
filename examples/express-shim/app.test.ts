import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { handler, streamHandler } from './app.ts'

it('knows who the gateway found the client to be', () =>
  request(handler)
    .get('/me')
    .gatewayOptions({ claims: { sub: 'ada' } })
    .context({ functionName: 'shop' })
    .expect(200, { subject: 'ada', function: 'shop' }))

it('redirects below the stage of the gateway', () =>
  request(handler, { gateway: 'http-api' })
    .get('/login')
    .gatewayOptions({ stage: 'prod' })
    .redirects(0)
    .expect('location', '/prod/me')
    .expect(302))

it('streams', async () => {
  const res = await request(streamHandler).get('/count').stream().expect(200, 'one two')
  expect(res.chunks.map(({ data }) => String(data))).toEqual(['one ', 'two'])
})

it('takes other events', async () => expect(await handler({ source: 'aws.events' })).toBe('warm'))
