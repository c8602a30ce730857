/** A request as a client puts it on the wire; what the client and the local server hand to a gateway. */
export interface WireRequest {
  method: string
  /** The raw target before `?`: percent-encoded, exactly as sent. */
  path: string
  /** The raw query string, without `?`; `''` if there is none. */
  query: string
  /** Field lines in the order and case sent. */
  headers: [name: string, value: string][]
  body?: Uint8Array
  /** The client's address; the gateway has a fixed one by default. */
  sourceIp?: string
}

/** A response as the client sees it, after the gateway's rules. */
export interface WireResponse {
  status: number
  statusText: string
  /** Field lines in order; several `set-cookie` lines stay several. */
  headers: [name: string, value: string][]
  body: Uint8Array
  /** Chunks as they come, if the function streams; `body` is then empty. */
  stream?: AsyncIterable<Uint8Array>
  /** What the answer lost or would lose on the way, each in a sentence that says how to fix it. */
  warnings: string[]
}
