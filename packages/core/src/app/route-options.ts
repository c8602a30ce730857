import { type CompressionOptions, createCompression } from '../finish/compression.ts'
import { type CorsOptions, createCors } from '../finish/cors.ts'
import type { Step } from './compose.ts'

/** The member of a route's options that holds its contract. */
export const contractKey: unique symbol = Symbol.for('expressway.contract') as never

/** Options of a route, a router or a whole application; the innermost value counts. */
export interface RouteOptions {
  /** `true` for the defaults of {@link CorsOptions}, `false` to opt out. */
  readonly cors?: boolean | CorsOptions
  /** `true` on a route compresses any size and type; options, and an application's `true`, keep to the threshold. */
  readonly compress?: boolean | CompressionOptions
  /** `Cache-Control` of a success; every other answer gets `no-cache`. */
  readonly cacheControl?: string
  /** Adds an entity tag to whole answers of GET and HEAD, and answers 304 if the client's copy is current. */
  readonly etag?: boolean | 'weak' | 'strong'
}

/** How a contract takes part in its route; see `@expressway/core/contract`. */
export interface BoundOptions extends RouteOptions {
  readonly [contractKey]: {
    attach(steps: readonly Step[], methods: readonly string[] | undefined, route: string): Step[]
  }
}

/** Options without a contract. */
export type PlainOptions = RouteOptions & { readonly [contractKey]?: never }

/** @throws TypeError if an option is invalid. */
export function assertOptions({ cors, compress, cacheControl, etag }: RouteOptions): void {
  if (typeof cors === 'object') createCors(cors)
  if (typeof compress === 'object') createCompression(compress)
  if (cacheControl !== undefined && typeof cacheControl !== 'string') {
    throw new TypeError(`cacheControl must be a string such as 'max-age=600', not ${String(cacheControl)}`)
  }
  if (etag !== undefined && ![true, false, 'weak', 'strong'].includes(etag)) {
    throw new TypeError(`etag must be true, false, 'weak' or 'strong', not ${String(etag)}`)
  }
}
