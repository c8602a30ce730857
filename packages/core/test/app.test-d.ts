// Checked by the type checker alone: `pnpm types`.
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { createApp, createRouter, type Middleware } from '../src/index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const expectType = <Actual, Expected>(_: Equal<Actual, Expected>): void => {}

const authenticate: Middleware = (_req, _res, next) => next()

createApp().get('/hello/:username', authenticate, (req) => {
  expectType<typeof req.params.username, string>(true)
  // @ts-expect-error: the path has no parameter of this name
  return req.params.user
})

createApp().post('/files/*path', { compress: true }, (req) => {
  expectType<typeof req.params.path, string[]>(true)
  return req.params.path.length
})

createRouter().get('/a{/:b}', (req) => {
  expectType<typeof req.params.b, string | undefined>(true)
  return null
})

createApp<APIGatewayProxyEventV2>().get('/', (req) => {
  expectType<typeof req.event.rawQueryString, string>(true)
  return null
})

// @ts-expect-error: there is no such option
createApp().get('/', { cache: 'max-age=1' }, () => null)

// @ts-expect-error: an origin is no number
createApp({ cors: { allowOrigin: 7 } })

createApp().onError(RangeError, (error) => {
  expectType<typeof error, RangeError>(true)
  return error.message
})
