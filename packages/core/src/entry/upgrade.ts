import { fieldOf, fieldText } from '../message/headers.ts'
import { warnOnce } from '../message/log.ts'
import type { HttpRequest, HttpResponse } from '../message/message.ts'
import type { Source } from '../message/source.ts'

/**
 * Logs once for each source why a client that asked for a WebSocket got 404: no gateway that sends HTTP events can upgrade a
 * connection. A WebSocket API of API Gateway can, and its events are not HTTP requests (AWS, "API Gateway WebSocket APIs").
 */
export function explainUpgrade({ name }: Source, request: HttpRequest, { status }: HttpResponse): void {
  if (status !== 404 || !asksForWebSocket(request)) return
  warnOnce(
    `A client asked for a WebSocket and got 404: ${name} cannot upgrade a connection. ` +
      'Use a WebSocket API of API Gateway, and take its events with the option onOtherEvent.',
  )
}

// Gateways drop `Upgrade`, which is for one connection; the key of the handshake (RFC 6455 section 4.1) reaches the event.
const asksForWebSocket = (request: HttpRequest): boolean =>
  fieldOf(request, 'sec-websocket-key') !== undefined || fieldText(request, 'upgrade')?.toLowerCase() === 'websocket'
