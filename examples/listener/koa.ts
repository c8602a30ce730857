import { toLambdaHandler } from '@expressway/express-shim/listener'
import Koa from 'koa'

const app = new Koa()
app.use((ctx) => {
  ctx.body = { hello: ctx.path.split('/').at(-1) }
})

export const handler = toLambdaHandler(app.callback())

export { app }
