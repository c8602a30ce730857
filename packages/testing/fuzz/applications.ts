// Three applications that read everything that a request has: the same work in core, in the shim, and in real Express.
import { createApp, type LambdaHandler, type Request } from '@expressway/core'
import shim from '@expressway/express-shim'
import { toLambdaHandler } from '@expressway/express-shim/listener'
import express from 'express'

/** What an application would have logged: an error here is a fault of ours, as these handlers have none. */
export const faults: unknown[] = []

/** Has the console's errors and warnings counted as faults, too, until the returned function is called. */
export function watchConsole(): () => void {
  const { error, warn } = console
  console.error = (...parts) => void faults.push(parts)
  console.warn = () => {}
  return () => Object.assign(console, { error, warn })
}

const logger = { error: (...parts: unknown[]) => void faults.push(parts) }

const app = createApp({ logger, etag: true, compress: true, cors: { allowOrigin: /.*/ }, json: { numbers: 'exact' } })
app.use((req, res, next) => {
  res.cookie('seen', req.path)
  return next()
})
app.all('/files/:name{.:ext}', (req) => ({ ...req.params, ...everything(req) }))
app.all('/*path', (req) => everything(req))
app.all('/', (req) => everything(req))

function everything(req: Request<object>) {
  const seen = {
    ...{ method: req.method, path: req.path, raw: req.rawPath, query: req.query, cookies: req.cookies, ip: req.ip },
    ...{ protocol: req.protocol, host: req.host, identity: req.identity, id: req.requestId, trace: req.traceId },
    ...{ headers: req.headers, size: req.bytes().length, text: req.text().length, rawQuery: req.rawQuery },
  }
  const type = req.headers.get('content-type') ?? ''
  if (/json/i.test(type)) req.json()
  if (/form/i.test(type)) req.form()
  return seen
}

export const coreHandler: LambdaHandler = app.handler
export const coreStreamHandler = app.streamHandler

type Express = typeof express

function expressApplication(create: Express) {
  const application = create()
  application.set('trust proxy', true)
  application.set('query parser', 'extended')
  application.use(create.json({ strict: false }), create.urlencoded({ extended: true }), create.text(), create.raw())
  application.all('/files/:name{.:ext}', (req, res) => void res.cookie('seen', req.path).json(req.params))
  application.use((req, res) => {
    const { method, path, url, originalUrl, ip, ips, protocol, hostname, host, subdomains, secure, xhr, fresh } = req
    res.vary('origin')
    res.cookie('seen', path)
    res.json({
      ...{ method, path, url, originalUrl, ip, ips, protocol, hostname, host, subdomains, secure, xhr, fresh },
      ...{ query: req.query, body: req.body, accepts: req.accepts('json', 'html'), lang: req.acceptsLanguages('en') },
      ...{ is: req.is('json'), headers: req.headers, range: req.range(1000) },
    })
  })
  // The default handler logs; what a client did wrong has a status below 500.
  application.use(((error, _req, res, _next) => {
    const status = Number(error?.status) || 500
    if (status >= 500) faults.push(error)
    res.status(status).json({ message: String(error?.message) })
  }) as express.ErrorRequestHandler)
  return application
}

export const shimHandler: LambdaHandler = (
  expressApplication(shim as unknown as Express) as unknown as {
    handler: LambdaHandler // the shim's own member of the application
  }
).handler

export const listenerHandler: LambdaHandler = toLambdaHandler(expressApplication(express) as never)
