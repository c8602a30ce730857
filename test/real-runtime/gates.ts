import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Gates = Awaited<ReturnType<typeof startGates>>

/** Where functions wait for the test: a request for a gate's name is answered once the gate is open. */
export async function startGates() {
  const waiting = new Map<string, ServerResponse[]>()
  const open = new Set<string>()
  const counts: [name: string, count: number, resolve: () => void][] = []
  const server = createServer((request, response) => {
    const name = request.url!.slice(1)
    if (open.has(name)) return void response.end()
    const all = waiting.get(name) ?? []
    waiting.set(name, [...all, response])
    for (const [counted, count, resolve] of counts) if (counted === name && all.length + 1 === count) resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Lets through who waits, and who comes later. */
    open(name: string) {
      open.add(name)
      for (const response of waiting.get(name) ?? []) response.end()
      waiting.delete(name)
    },
    close(name: string) {
      open.delete(name)
    },
    /** Waits until so many stand at the gate at once. */
    arrived: (name: string, count: number): Promise<void> =>
      waiting.get(name)?.length === count
        ? Promise.resolve()
        : new Promise((resolve) => counts.push([name, count, resolve])),
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
