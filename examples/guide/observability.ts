// Logs, metrics and traces: a line for each request, and functions that are called around it.
import { type AccessLogEntry, createApp } from '@expressway/core'

export const entries: AccessLogEntry[] = []
export const durations: Record<string, number[]> = {}

export const logged = createApp({ accessLog: true })
logged.get('/orders/:id', (req) => ({ id: req.params.id }))

export const app = createApp({
  accessLog: {
    include: ['params', 'query', 'headers'], // default: none of them
    redact: ['x-customer', 'email'], // names whose values become [redacted], in any of the three
    log: (entry) => entries.push(entry),
  },
  hooks: {
    onRequest: ({ req }) => {
      req.locals.begun = Date.now()
    },
    onError: ({ route, error }) => {
      console.error(`error in ${route}:`, error)
    },
    onResponse: ({ route, durationMs }) => {
      const name = route ?? 'none'
      durations[name] ??= []
      durations[name].push(durationMs)
    },
  },
})

app.get('/orders/:id', (req) => ({ id: req.params.id }))
app.get('/broken', () => {
  throw new Error('no database')
})
