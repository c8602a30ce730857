import type { Server } from 'node:http'

/** The address at which a Web Function has to listen, if this is one: AWS_LAMBDA_HTTP_ENDPOINT, such as `127.0.0.1:8080`. */
export function webFunctionAddress(): { host: string; port: number } | undefined {
  const endpoint = process.env.AWS_LAMBDA_HTTP_ENDPOINT
  if (!endpoint) return undefined
  const { hostname, port } = new URL(`http://${endpoint}`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) }
}

/** At SIGTERM accepts no further connections, finishes the requests that are under way, and lets the process end. */
export function closeAtSignal(server: Server): void {
  const onSignal = () => {
    // Else a connection that is kept alive would hold the process for as long as its client likes.
    const sweep = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => {
      clearInterval(sweep)
      // With no other listener the signal does what it would have done: it ends the process.
      if (process.listenerCount('SIGTERM') === 0) process.kill(process.pid, 'SIGTERM')
    })
  }
  process.once('SIGTERM', onSignal)
  server.once('close', () => process.off('SIGTERM', onSignal))
}
