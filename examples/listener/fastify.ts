import { toLambdaHandler } from '@expressway/express-shim/listener'
import fastify from 'fastify'

const app = fastify()
app.get<{ Params: { name: string } }>('/hello/:name', ({ params }) => ({ hello: params.name }))

export const handler = toLambdaHandler(async () => {
  await app.ready()
  return app.routing
})

export { app }
