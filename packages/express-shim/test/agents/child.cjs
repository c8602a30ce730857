// Runs one application under one agent, in a process of its own: an agent patches what is loaded after it.
// argv: the agent, the folder whose node_modules have the module, its name there, `server` or `event`, and `named` if the
// agent's block of docs/guide/observability.md runs before the application.
const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')
const [agent, folder, name, way, named] = process.argv.slice(2)
const load = createRequire(`${folder}/app.js`)

/** The agent's block of the guide, as it is printed there. */
function documented(module) {
  const guide = readFileSync(join(__dirname, '../../../../docs/guide/observability.md'), 'utf8')
  const blocks = [...guide.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code)
  return blocks.find((code) => code.includes(`require('${module}')`))
}

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
      module: '@sentry/node',
    }
  },
  datadog() {
    const traces = []
    const { write } = process.stdout
    // Its exporter for logs writes the spans to the standard output.
    process.stdout.write = function (chunk, ...rest) {
      if (!String(chunk).startsWith('{"traces"')) return write.call(this, chunk, ...rest)
      traces.push(...JSON.parse(chunk).traces.flat())
      return true
    }
    Object.assign(process.env, {
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
    })
    const tracer = require('dd-trace').init({ startupLogs: false, experimental: { exporter: 'log' } })
    return {
      setUp() {},
      root: (run) => (way === 'server' ? run() : tracer.trace('root', run)),
      async seen() {
        await new Promise((resolve) => setTimeout(resolve, 200))
        return traces
          .filter(({ name, meta }) => name === 'root' || meta['span.kind'] === 'server')
          .map(({ resource, meta }) => [resource, meta['http.route'], meta['error.message']])
      },
      module: 'dd-trace',
    }
  },
  newrelic() {
    Object.assign(process.env, {
      ...{ NEW_RELIC_APP_NAME: 'test', NEW_RELIC_LICENSE_KEY: 'x'.repeat(40), NEW_RELIC_HOST: '127.0.0.1' },
      ...{ NEW_RELIC_NO_CONFIG_FILE: 'true', NEW_RELIC_LOG_ENABLED: 'false', NEW_RELIC_PORT: '9' },
      // It would ask each cloud's own address where it runs.
      ...Object.fromEntries(
        ['AWS', 'AZURE', 'AZUREFUNCTION', 'GCP', 'PCF', 'DOCKER', 'KUBERNETES'].map((each) => [
          `NEW_RELIC_UTILIZATION_DETECT_${each}`,
          'false',
        ]),
      ),
    })
    const newrelic = require('newrelic')
    const seen = []
    newrelic.agent.on('transactionFinished', (transaction) =>
      seen.push([
        transaction.name,
        // Those that the agent found, and those that it was given.
        [...transaction.exceptions, ...transaction.userErrors].map(({ error }) => error.message),
      ]),
    )
    return {
      setUp() {},
      root: (run) => (way === 'server' ? run() : newrelic.startWebTransaction('root', run)),
      seen: async () => seen,
      module: 'newrelic',
    }
  },
  elastic() {
    const seen = []
    const transport = {
      config() {},
      addMetadataFilter() {},
      setExtraMetadata() {},
      lambdaStart() {},
      sendSpan() {},
      sendMetricSet() {},
      flush: (_options, done) => (done ?? _options)?.(),
      destroy() {},
      sendTransaction: ({ name, result, id }) => seen.push(['transaction', name, result, id]),
      sendError: ({ exception, transaction_id, transaction }) =>
        seen.push(['error', exception.message, transaction?.name, transaction_id]),
    }
    const apm = require('elastic-apm-node').start({
      ...{ serviceName: 'test', logLevel: 'off', centralConfig: false, cloudProvider: 'none', metricsInterval: '0s' },
      transport: () => transport,
    })
    return {
      setUp() {},
      root: async (run) => {
        if (way === 'server') return run()
        const transaction = apm.startTransaction('root', 'request')
        await run()
        transaction.end()
      },
      async seen() {
        await new Promise((resolve) => apm.flush(resolve))
        await new Promise((resolve) => setTimeout(resolve, 200))
        // Errors are sent before or after their transaction; an id says which one it is.
        const transactions = seen.filter(([kind]) => kind === 'transaction')
        const nameOf = (id) => transactions.find((each) => each[3] === id)?.[1]
        return seen
          .map(([kind, text, more, id]) => [kind, text, kind === 'error' ? nameOf(id) : more])
          .sort((a, b) => (a[0] + a[1] < b[0] + b[1] ? -1 : 1))
      },
      module: 'elastic-apm-node',
    }
  },
}

async function main() {
  const tool = agents[agent]()
  if (named === 'named') new Function('require', documented(tool.module))(require)
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
