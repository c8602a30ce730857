import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpRequest, HttpResponse, Invocation } from '@expressway/core/handle'
import express from '../../src/index.ts'
import type { Request } from '../../src/request.ts'
import { answerOf, type Response } from '../../src/response.ts'

/** A request and its response as an application makes them, with no gateway around. */
export interface Exchange {
  readonly req: Request & Omit<IncomingMessage, keyof Request>
  readonly res: Response & Omit<ServerResponse, keyof Response>
  answer(): Promise<HttpResponse>
}

export function exchange(message: Partial<HttpRequest> = {}, invocation: Partial<Invocation> = {}): Exchange {
  const app = express() as unknown as {
    request: { constructor: typeof Request }
    response: { constructor: typeof Response }
  }
  const headers = { host: 'example.com', ...message.headers }
  const req = new app.request.constructor(
    {
      method: 'GET',
      path: '/',
      basePath: '',
      query: '',
      rawHeaders: Object.entries(headers).flat(2),
      body: undefined,
      remoteAddress: '203.0.113.7',
      protocol: 'https',
      host: 'example.com',
      requestId: 'id',
      identity: undefined,
      ...message,
      headers,
    },
    { source: 'http-api', event: {}, context: {}, streaming: false, ...invocation },
  )
  const res = new app.response.constructor(req)
  return { req: req as Exchange['req'], res: res as Exchange['res'], answer: async () => answerOf(res) }
}

/** The names of events in the order of their arrival. */
export function heard(emitter: NodeJS.EventEmitter, ...events: string[]): string[] {
  const names: string[] = []
  for (const event of events) emitter.on(event, () => void names.push(event))
  return names
}

/** The rest of the tasks of this turn and the next. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
