import awsLambdaFastify from '@fastify/aws-lambda'
import fastify from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    awsLambda: { event: { requestContext: { requestId: string } } }
  }
}

const app = fastify()
app.get<{ Params: { id: string }; Querystring: { q?: string } }>('/users/:id', (request, reply) => {
  reply.header('set-cookie', 'a=1').header('set-cookie', 'b=2')
  return { id: request.params.id, q: request.query.q }
})
app.post('/users', (request, reply) => reply.code(201).header('location', '/users/7').send(request.body))
app.get('/report', (_request, reply) => reply.type('application/pdf').send(Buffer.from([0x25, 0xff, 0xfe])))
app.get('/request', (request) => ({ id: request.awsLambda.event.requestContext.requestId }))
app.get('/client', (request) => ({ ip: request.ip, protocol: request.protocol }))

export const handler = awsLambdaFastify(app, { binaryMimeTypes: ['application/pdf'] })
await app.ready()
