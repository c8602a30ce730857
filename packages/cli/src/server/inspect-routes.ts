import type { IncomingMessage, ServerResponse } from 'node:http'
import { contentSecurityPolicy, page } from '../inspect-page/page.ts'
import { replay, type ServerParts } from './exchange.ts'
import type { HostRules } from './host-guard.ts'
import { refusalOf } from './inspect-guard.ts'
import { detailOf, matches, summaryOf } from './record-view.ts'

/** The page that shows the last invocations, with the requests that it makes. */
export interface InspectPage {
  /** Whether a request is for the page, not for the application. */
  handles(message: IncomingMessage): boolean
  serve(message: IncomingMessage, response: ServerResponse): void
  close(): void
}

const root = '/_expressway'

/** The page at `/_expressway`, which answers only requests that name this server. */
export function createInspectPage(parts: ServerParts, rules: HostRules): InspectPage {
  const listeners = new Set<ServerResponse>()
  return {
    handles: ({ url = '' }) => url === root || url.startsWith(`${root}/`) || url.startsWith(`${root}?`),
    serve(message, response) {
      message.resume()
      const refused = refusalOf(message, rules)
      if (refused !== undefined) return sendJson(response, 403, { message: refused })
      const url = new URL(message.url ?? root, 'http://localhost')
      const route = `${message.method} ${url.pathname.slice(root.length).replace(/\/$/, '')}`
      if (route === 'GET ' || route === 'HEAD ') sendPage(response)
      else if (route === 'GET /live') follow(parts, response, listeners)
      else if (route === 'GET /search') sendJson(response, 200, find(parts, url.searchParams.get('q') ?? ''))
      else if (route === 'POST /clear') {
        parts.history.clear()
        sendJson(response, 200, {})
      } else serveRecord(parts, route, `http://${message.headers.host}`, response)
    },
    close() {
      for (const response of listeners) response.end()
    },
  }
}

/** `GET /invocations/12` and `POST /invocations/12/replay`. */
function serveRecord(parts: ServerParts, route: string, origin: string, response: ServerResponse): void {
  const [, method, id, action] = /^(GET|POST) \/invocations\/(\d+)(\/replay)?$/.exec(route) ?? []
  const record = parts.history.get(Number(id))
  const isReplay = method === 'POST' && action !== undefined
  if (record === undefined || (!isReplay && (method !== 'GET' || action !== undefined))) {
    sendJson(response, 404, { message: 'There is no such invocation: the last 200 are kept.' })
  } else if (isReplay) sendJson(response, 200, { id: replay(parts, record).id })
  else sendJson(response, 200, detailOf(record, origin + parts.basePath))
}

function find({ history }: ServerParts, query: string): { ids: number[] } {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return {
    ids: history
      .all()
      .filter((record) => matches(record, words))
      .map((record) => record.id),
  }
}

/** Server-sent events: what there is, then each new or changed invocation. */
function follow({ history }: ServerParts, response: ServerResponse, listeners: Set<ServerResponse>): void {
  const send = (event: string, data: unknown) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  const sendAll = () => send('all', history.all().map(summaryOf))
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', ...common })
  sendAll()
  const stop = history.listen((record) => (record === undefined ? sendAll() : send('invocation', summaryOf(record))))
  listeners.add(response)
  response.once('close', () => {
    stop()
    listeners.delete(response)
  })
}

const common = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

function sendPage(response: ServerResponse): void {
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      ...common,
    })
    .end(page)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...common })
    .end(JSON.stringify(value))
}
