import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { app, handler, mounted, streamHandler, streaming } from './express-shim.ts'

it('is one application everywhere', async () => {
  await request(handler).get('/hello/ada').viaAll().expect(200, 'Hello ada!')
  await request(streamHandler).get('/hello/ada').stream().expect(200, 'Hello ada!')
  await request(app, { server: true }).get('/hello/ada').expect(200, 'Hello ada!')
})

it('knows the invocation', async () => {
  await request(handler).get('/me').jwt({ sub: 'ada' }).context({ functionName: 'shop' }).expect(200, {
    subject: 'ada',
    function: 'shop',
  })
  await request(app, { server: true }).get('/me').expect(200, { subject: null, function: null })
})

it('knows the client without trust proxy', () =>
  request(handler)
    .get('/client')
    .set({ host: 'api.example.com', 'x-forwarded-for': '203.0.113.9' })
    .sourceIp('198.51.100.7')
    .expect(200, { ip: '198.51.100.7', protocol: 'https', host: 'api.example.com' }))

it('takes options', async () => {
  await request(mounted).get('/login').stage('prod').redirects(0).expect('location', '/prod/me').expect(302)
  await request(streaming).get('/shop/hello/ada').stream().expect(200, 'Hello ada!')
  expect(await mounted({ source: 'aws.events' })).toBe('warm')
})

it('answers for a handler that does not', async () => {
  expectLog(/silent/)
  await request(handler).get('/silent').context({ remainingMs: 400 }).expect(503)
})
