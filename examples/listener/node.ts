// Any (req, res) => … that Node's own http module would call, answering as it goes where the gateway streams.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getInvocation, toStreamingLambdaHandler } from '@expressway/express-shim/listener'

function listener(req: IncomingMessage, res: ServerResponse) {
  const source = getInvocation(req)?.source
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify({ hello: req.url?.split('/').at(-1), source }))
}

export const handler = toStreamingLambdaHandler(listener)
