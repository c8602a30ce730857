import type { IncomingMessage } from 'node:http'
import { escapeHtml, htmlPage } from './http/html.ts'
import { statusMessage } from './http/status-messages.ts'
import type { Next, RoutedRequest, RoutedResponse } from './types.ts'
import { encodeUrl } from './url/encode-url.ts'
import { pathnameOf } from './url/parse-url.ts'

/** The options of {@link finalHandler}. */
export interface FinalHandlerOptions {
  /** `production` shows a client the status text; every other value the error's stack. Default: NODE_ENV, or `development`. */
  env?: string
  /** Called with every error. */
  onerror?: (error: unknown, req: RoutedRequest, res: RoutedResponse) => void
}

interface ErrorLike {
  status?: unknown
  statusCode?: unknown
  headers?: unknown
  stack?: unknown
}

/**
 * Answers if no layer did: with 404, or the error's status (400 to 599, otherwise 500), as a small page.
 * Express's `finalhandler`, byte for byte.
 */
export function finalHandler(req: RoutedRequest, res: RoutedResponse, options: FinalHandlerOptions = {}): Next {
  const env = options.env || process.env.NODE_ENV || 'development'
  return (error) => {
    if (!error) {
      if (!res.headersSent) sendPage(req, res, 404, `Cannot ${req.method} ${encodeUrl(resourceName(req))}`)
      return
    }
    const own = statusOf(error as ErrorLike)
    const status = own ?? (isErrorStatus(res.statusCode) ? res.statusCode : 500)
    const message = messageOf(error as ErrorLike, status, env)
    options.onerror?.(error, req, res)
    if (res.headersSent) req.socket?.destroy()
    else sendPage(req, res, status, message, own && (error as ErrorLike).headers)
  }
}

function statusOf(error: ErrorLike): number | undefined {
  return isErrorStatus(error.status) ? error.status : isErrorStatus(error.statusCode) ? error.statusCode : undefined
}

function isErrorStatus(status: unknown): status is number {
  return typeof status === 'number' && status >= 400 && status < 600
}

function messageOf(error: ErrorLike, status: number, env: string): unknown {
  if (env === 'production') return statusMessage(status)
  return error.stack || (typeof error.toString === 'function' && error.toString()) || statusMessage(status)
}

function resourceName(req: RoutedRequest): string | null {
  try {
    return pathnameOf(typeof req.originalUrl === 'string' ? req.originalUrl : req.url)
  } catch {
    return 'resource'
  }
}

function sendPage(req: RoutedRequest, res: RoutedResponse, status: number, message: unknown, headers?: unknown): void {
  whenDrained(req, () => {
    const body = toPage(String(message))
    res.statusCode = status
    if ((req.httpVersionMajor ?? 1) < 2) res.statusMessage = statusMessage(status)
    for (const name of ['Content-Encoding', 'Content-Language', 'Content-Range']) res.removeHeader(name)
    if (headers && typeof headers === 'object') {
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    }
    res.setHeader('Content-Security-Policy', "default-src 'none'")
    res.setHeader('X-Content-Type-Options', 'nosniff')
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    res.setHeader('Content-Length', Buffer.byteLength(body))
    if (req.method === 'HEAD') res.end()
    else res.end(body, 'utf8')
  })
}

/** A connection is only good for the next request once this one's body is read; ours is in memory unless it is a stream. */
function whenDrained(req: RoutedRequest, write: () => void): unknown {
  const stream = req as IncomingMessage
  if (!Object.hasOwn(req, '_readableState') || isDrained(stream)) return write()
  let waiting = true
  const proceed = () => {
    if (waiting) write()
    waiting = false
  }
  stream.unpipe()
  for (const event of ['end', 'close', 'error']) stream.once(event, proceed)
  stream.socket.once('close', proceed)
  return stream.resume()
}

function isDrained({ socket, complete, readable }: IncomingMessage): boolean {
  return !socket?.readable || (complete && !readable)
}

function toPage(message: string): string {
  return htmlPage('Error', escapeHtml(message).replaceAll('\n', '<br>').replaceAll('  ', ' &nbsp;'))
}
