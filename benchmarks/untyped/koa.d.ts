import type { IncomingMessage } from 'node:http'

export interface Context {
  readonly method: string
  readonly path: string
  readonly query: Record<string, string | string[] | undefined>
  readonly req: IncomingMessage
  readonly state: Record<string, unknown>
  status: number
  type: string
  body: unknown
  set(name: string, value: string): void
}

export type Middleware = (ctx: Context, next: () => Promise<void>) => unknown

export default class Koa {
  use(middleware: Middleware): this
}
