// Who the gateway found the client to be: one shape for every kind of authorizer.
import { createApp, ForbiddenError, type Middleware, UnauthorizedError } from '@expressway/core'

export const app = createApp()

app.get('/me', (req) => ({ subject: req.identity?.subject ?? null }))

app.get('/identity', (req) => ({ ...req.identity }))

const requireUser: Middleware = (req, _res, next) => {
  if (req.identity?.subject === undefined) throw new UnauthorizedError()
  return next()
}

const requireGroup =
  (group: string): Middleware =>
  (req, _res, next) => {
    // A REST API gives claims as text, an HTTP API gives a list as `[a b]`.
    const groups = String(req.identity?.claims?.['cognito:groups'] ?? '').match(/[^\s,[\]]+/g)
    if (!groups?.includes(group)) throw new ForbiddenError()
    return next()
  }

app.get('/orders', requireUser, (req) => ({ of: req.identity?.subject }))
app.get('/admin', requireUser, requireGroup('admins'), () => ({ secret: 42 }))
