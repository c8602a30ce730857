import { toLambdaHandler } from '@expressway/express-shim/listener'
import { H3, toNodeHandler } from 'h3'

const app = new H3()
app.get('/hello/:name', (event) => ({ hello: event.context.params?.name }))

export const handler = toLambdaHandler(toNodeHandler(app))

export { app }
