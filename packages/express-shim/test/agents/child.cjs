// Runs one application under one agent, in a process of its own: an agent patches what is loaded after it.
// argv: the agent, the folder whose node_modules have the module, its name there, `server` or `event`.
const { createRequire } = require('node:module')
const [agent, folder, name, way] = process.argv.slice(2)
const load = createRequire(`${folder}/app.js`)

const agents = {
  opentelemetry() {
    const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks')
    const { InMemorySpanExporter, SimpleSpanProcessor, BasicTracerProvider } = require('@opentelemetry/sdk-trace-base')
    const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
    const { context, trace } = require('@opentelemetry/api')
    const exporter = new InMemorySpanExporter()
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    trace.setGlobalTracerProvider(provider)
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    // Spans of Express need one of the request around them.
    const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
    for (const each of [new HttpInstrumentation(), new ExpressInstrumentation()]) each.setTracerProvider(provider)
    return {
      setUp() {},
      root: (run) =>
        trace.getTracer('test').startActiveSpan('root', (span) => Promise.resolve(run()).finally(() => span.end())),
      seen: async () =>
        exporter
          .getFinishedSpans()
          .filter(({ attributes }) => attributes['express.type'])
          .map(({ name, attributes, status }) => [
            name,
            attributes['http.route'],
            attributes['express.type'],
            status.code,
          ]),
    }
  },
  sentry() {
    const Sentry = require('@sentry/node')
    const seen = []
    Sentry.init({
      dsn: 'http://key@127.0.0.1:9/1',
      tracesSampleRate: 1,
      traceLifecycle: 'static',
      transport: () => ({ send: async () => ({}), flush: async () => true }),
      beforeSend: (event) => void seen.push(['error', event.exception.values[0].value, event.transaction]),
      beforeSendTransaction: (event) =>
        void seen.push([
          'transaction',
          event.transaction,
          event.spans.filter(({ op }) => /express/.test(op)).map(({ op, description }) => [op, description]),
        ]),
    })
    return {
      setUp: (app) => Sentry.setupExpressErrorHandler(app),
      root: (run) => (way === 'server' ? run() : Sentry.startSpan({ name: 'root', op: 'function.aws.lambda' }, run)),
      async seen() {
        await Sentry.flush(1000)
        return seen
      },
    }
  },
}

async function main() {
  const tool = agents[agent]()
  const { createServer, request } = require('node:http')
  const express = load(name)
  const app = express()
  const router = express.Router()
  router.get('/:id', (req, res) => void res.json(req.params.id))
  app.use(function guard(_req, _res, next) {
    next()
  })
  app.use(express.json())
  app.use('/users', router)
  app.get('/orders/:order', async (_req, res) => void res.send('ok'))
  app.get('/broken/:id', () => {
    throw new Error('broken')
  })
  tool.setUp(app)
  app.use((_error, _req, res, _next) => void res.status(500).end('failed'))
  const paths = ['/users/1', '/orders/2', '/broken/3']
  if (way === 'server') {
    const server = createServer(app).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const ask = (path) =>
      new Promise((resolve, reject) =>
        request({ port: server.address().port, host: '127.0.0.1', path, agent: false }, (res) =>
          res.resume().on('end', resolve),
        )
          .on('error', reject)
          .end(),
      )
    for (const path of paths) await tool.root(() => ask(path))
    server.close()
  } else {
    for (const path of paths) await tool.root(() => app.handler({ httpMethod: 'GET', path, requestContext: {} }, {}))
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  process.stdout.write(`\n${JSON.stringify(await tool.seen())}`, () => process.exit(0))
}

main()
