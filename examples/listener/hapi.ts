import { toLambdaHandler } from '@expressway/express-shim/listener'
import Hapi from '@hapi/hapi'

const server = Hapi.server()
server.route({ method: 'GET', path: '/hello/{name}', handler: ({ params }) => ({ hello: params.name }) })

export const handler = toLambdaHandler(async () => {
  await server.initialize()
  return server.listener
})

export { server }
