import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'

// One server for all requests of the same listener or server, closed after the last; a server that the caller had
// started is left alone.
const held = { http: new WeakMap<object, HeldServer>(), http2: new WeakMap<object, HeldServer>() }

/** The server of a target; a listener gets one that speaks HTTP/1.1, or HTTP/2 if asked. */
export function holdOf(target: Server | RequestListener, http2: boolean): HeldServer {
  const servers = held[http2 ? 'http2' : 'http']
  const known = servers.get(target)
  if (known) return known
  const hold = new HeldServer(typeof target === 'function' ? createServer(target, http2) : target)
  servers.set(target, hold)
  return hold
}

function createServer(listener: RequestListener, http2: boolean): Server {
  if (!http2) return process.getBuiltinModule('node:http').createServer(listener)
  // Node's compatibility API: its messages have what a listener for HTTP/1.1 uses.
  return process.getBuiltinModule('node:http2').createServer(listener as never) as unknown as Server
}

export class HeldServer {
  readonly #server: Server
  #holds = 0
  #ours: Promise<void> | undefined
  #starting = false
  #closing: Promise<void> | undefined

  constructor(server: Server) {
    this.#server = server
  }

  /** Where the server is reached, as far as it is known before `hold`. */
  origin(): string {
    const scheme = this.#server instanceof process.getBuiltinModule('node:tls').Server ? 'https' : 'http'
    const address = this.#server.address() as AddressInfo | null
    if (!address) return `${scheme}://127.0.0.1`
    const host = address.address === '::' || address.address === '0.0.0.0' ? '127.0.0.1' : address.address
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  }

  async hold(): Promise<string> {
    await this.#closing
    this.#holds++
    // Also if the test itself closed it while others still waited for answers.
    if (!this.#starting && !this.#server.address()) this.#ours = this.#listen()
    try {
      await this.#ours
    } catch (error) {
      this.#holds--
      this.#ours = undefined
      throw error
    }
    return this.origin()
  }

  async release(): Promise<void> {
    if (--this.#holds > 0 || !this.#ours) return
    this.#ours = undefined
    this.#closing = new Promise((resolve) => this.#server.close(() => resolve()))
    await this.#closing
    this.#closing = undefined
  }

  async #listen(): Promise<void> {
    this.#starting = true
    try {
      await listen(this.#server)
    } finally {
      this.#starting = false
    }
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}
