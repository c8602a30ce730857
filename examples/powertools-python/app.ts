// The all-in-one example of Powertools for AWS Lambda (Python), line by line: docs/porting/powertools-python.md shows both.
import { Tracer } from '@aws-lambda-powertools/tracer'
import { createApp, ForbiddenError, reply } from '@expressway/core'
import { Decimal } from 'decimal.js'

const tracer = new Tracer({ serviceName: 'shop' })

export const app = createApp({
  cors: {
    allowOrigin: 'https://www.example.com/',
    exposeHeaders: ['x-exposed-response-header'],
    allowHeaders: ['x-custom-request-header'],
    maxAge: 100,
    allowCredentials: true,
  },
})

app.use(async (req, _res, next) => {
  const segment = tracer.isTracingEnabled() ? tracer.getSegment()?.addNewSubsegment(`## ${req.method}`) : undefined
  try {
    await next()
  } catch (error) {
    segment?.addError(error as Error)
    throw error
  } finally {
    segment?.close()
  }
})

app.get('/foo', { compress: true }, () => [200, 'text/html', 'Hello'])

const logo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
app.get('/logo.png', () => [200, 'image/png', logo])

app.post('/make_foo', { cors: true }, (req, res) => res.json(req.json<{ value: unknown }>().value))

app.delete('/delete/:uid', (req) => {
  if (req.identity?.claims?.username !== 'Mike') throw new ForbiddenError()
  return { id: req.params.uid }
})

app.get('/hello/:username', (req) => [200, 'text/html', `Hello ${req.params.username}!`])

app.get('/rest', () => ({ message: 'Example', second: new Decimal('100.01') }))

app.get('/foo3', () =>
  reply({
    status: 200,
    contentType: 'application/json',
    headers: { 'custom-header': 'value' },
    body: JSON.stringify({ message: 'Foo3' }),
  }),
)

export const handler = app.handler
