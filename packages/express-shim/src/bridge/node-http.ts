import type * as http from 'node:http'

// Not an import: an ES module that imports node:http evaluates its lazy members as well, and those load undici, which takes
// 38 ms of a cold start instead of 4.
const { createServer, IncomingMessage, ServerResponse, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http')

type IncomingMessage = http.IncomingMessage
type Server = http.Server
type ServerResponse = http.ServerResponse

export {
  createServer,
  IncomingMessage,
  type Server,
  ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
}
