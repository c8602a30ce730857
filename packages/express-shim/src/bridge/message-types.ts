import { IncomingMessage, ServerResponse } from './node-http.ts'

type MessageType<T> = new (...parameters: never) => T

/** What a listener's messages are made as. */
export interface MessageTypes {
  readonly Request: MessageType<IncomingMessage>
  readonly Response: MessageType<ServerResponse>
}

const nodeTypes: MessageTypes = { Request: IncomingMessage, Response: ServerResponse }

/**
 * Node's classes. For an Express application, which first of all makes `app.request` and `app.response` the prototypes of each
 * pair of messages: Node's constructors on these prototypes. No prototype is then replaced, which alone takes a tenth of the
 * time of a small Express request.
 */
export function messageTypesOf(listener: object): MessageTypes {
  const { request, response } = listener as { request?: unknown; response?: unknown }
  if (!isOver(request, IncomingMessage) || !isOver(response, ServerResponse)) return nodeTypes
  return { Request: onPrototype(request), Response: onPrototype(response) }
}

// A prototype that has members which Node's constructor assigns would meddle with the construction.
function isOver(prototype: unknown, type: MessageType<object>): prototype is object {
  if (typeof prototype !== 'object' || prototype === null || !(prototype instanceof type)) return false
  const assigned = Object.getOwnPropertyNames(new (type as new (message: object) => object)({ method: 'GET' }))
  for (let link = prototype; link !== type.prototype; link = Object.getPrototypeOf(link)) {
    if (assigned.some((name) => Object.hasOwn(link, name))) return false
  }
  return true
}

// Only its `prototype` is ever used: as the new target of Node's constructor.
function onPrototype<T>(prototype: object): MessageType<T> {
  function Message(): void {}
  Message.prototype = prototype
  return Message as unknown as MessageType<T>
}
