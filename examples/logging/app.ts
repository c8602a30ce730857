// One line of JSON for each request, with its ids and without its secrets, and a logger for each request of its own.
import { type AccessLogEntry, createApp, type Middleware } from '@expressway/core'

/** Where lines go: standard output, until a test or another destination takes them. */
export const output = { write: (line: object) => console.log(JSON.stringify(line)) }

// A request's own logger lives with the request: many may run in this process at once.
const withLog: Middleware = (req, _res, next) => {
  const ids = { requestId: req.requestId, traceId: req.traceId }
  req.locals.log = (message: string, details: object = {}) => output.write({ message, ...details, ...ids })
  return next()
}

const app = createApp({
  accessLog: {
    log: (entry: AccessLogEntry) => output.write({ message: 'request', ...entry }),
    include: ['params', 'headers'],
    redact: ['x-customer'],
  },
  logger: {
    error: (message: unknown, error: unknown) => output.write({ level: 'ERROR', message, error: String(error) }),
  },
})

app.use(withLog)

app.get('/orders/:id', (req) => {
  const log = req.locals.log as (message: string, details?: object) => void
  log('order read', { order: req.params.id })
  return { id: req.params.id }
})

app.get('/broken', () => {
  throw new Error('no database')
})

export { app }
export const handler = app.handler
