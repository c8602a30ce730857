import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerParts } from './exchange.ts'

export interface InspectPage {
  handles(message: IncomingMessage): boolean
  serve(message: IncomingMessage, response: ServerResponse): void
  close(): void
}
export function createInspectPage(_parts: ServerParts, _host: string): InspectPage {
  return { handles: () => false, serve() {}, close() {} }
}
