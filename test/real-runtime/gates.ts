import { EventEmitter, once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Gates = Awaited<ReturnType<typeof startGates>>

interface Waiting {
  readonly name: string
  readonly response: ServerResponse
}

/** Where functions wait for the test: a request for a gate's name is answered once the gate is open. */
export async function startGates() {
  let waiting: Waiting[] = []
  const open = new Set<string>()
  const arrivals = new EventEmitter()
  const server = createServer((request, response) => {
    const name = request.url!.slice(1)
    if (open.has(name)) return void response.end()
    waiting.push({ name, response })
    arrivals.emit('arrival')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Lets through who waits, and who comes later. */
    open(name: string) {
      open.add(name)
      for (const { response } of waiting.filter((one) => one.name === name)) response.end()
      waiting = waiting.filter((one) => one.name !== name)
    },
    /** Closes all gates. */
    reset() {
      open.clear()
      waiting = []
    },
    /** Waits until so many stand before gates at once, and tells how many before which. */
    async arrived(count: number): Promise<Map<string, number>> {
      while (waiting.length < count) await once(arrivals, 'arrival')
      const byName = Object.entries(Object.groupBy(waiting, ({ name }) => name))
      return new Map(byName.map(([name, all]) => [name, all!.length]))
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
