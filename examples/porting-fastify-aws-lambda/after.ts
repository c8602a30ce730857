import { getInvocation, toLambdaHandler } from '@expressway/express-shim/listener'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import fastify from 'fastify'

const app = fastify()
app.get<{ Params: { id: string }; Querystring: { q?: string } }>('/users/:id', (request, reply) => {
  reply.header('set-cookie', 'a=1').header('set-cookie', 'b=2')
  return { id: request.params.id, q: request.query.q }
})
app.post('/users', (request, reply) => reply.code(201).header('location', '/users/7').send(request.body))
app.get('/report', (_request, reply) => reply.type('application/pdf').send(Buffer.from([0x25, 0xff, 0xfe])))
app.get('/request', (request) => {
  const event = getInvocation(request.raw)?.event as APIGatewayProxyEventV2
  return { id: event.requestContext.requestId }
})
app.get('/client', (request) => ({ ip: request.ip, protocol: request.protocol }))

export const handler = toLambdaHandler(async () => {
  await app.ready()
  return app.routing
})
