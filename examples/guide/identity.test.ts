import request from '@expressway/testing'
import { it } from 'vitest'
import { app } from './identity.ts'

const identity = () => request(app).get('/identity')

it('a JWT authorizer of an HTTP API', () =>
  identity()
    .jwt({ sub: 'ada', email: 'ada@example.com' }, ['orders:read'])
    .expect(200, {
      subject: 'ada',
      claims: { sub: 'ada', email: 'ada@example.com' },
      scopes: ['orders:read'],
    }))

it('a Cognito user pool at a REST API', () =>
  identity()
    .via('rest')
    .cognito({ sub: 'ada', 'cognito:groups': 'admins' })
    .expectJsonPath('$.subject', 'ada')
    .expect(200))

it('a Lambda authorizer', () =>
  identity().lambdaAuthorizer({ tenant: 'blue' }).expectJsonPath('$.context', { tenant: 'blue' }).expect(200))

it('IAM', () =>
  identity()
    .via('url')
    .iam({ userArn: 'arn:aws:iam::123456789012:user/ada' })
    .expectJsonPath('$.subject', 'arn:aws:iam::123456789012:user/ada')
    .expect(200))

it('mutual TLS', () =>
  identity().mtls({ subject: 'CN=ada' }).expectJsonPath('$.clientCertificate.subject', 'CN=ada').expect(200))

it('an API key of a REST API', () =>
  identity().via('rest').apiKey('the-key', 'key-id').expectJsonPath('$.apiKeyId', 'key-id').expect(200))

it('guards', async () => {
  await request(app).get('/orders').expect(401)
  await request(app).get('/orders').jwt({ sub: 'ada' }).expect(200, { of: 'ada' })
  await request(app).get('/admin').jwt({ sub: 'ada' }).expect(403)
  await request(app).get('/admin').jwt({ sub: 'ada', 'cognito:groups': '[admins editors]' }).expect(200)
  await request(app).get('/admin').via('rest').cognito({ sub: 'ada', 'cognito:groups': 'editors,admins' }).expect(200)
})

it('nobody', () => identity().via('alb').expect(200, {}))
