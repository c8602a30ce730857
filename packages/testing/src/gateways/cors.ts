import { lastValue } from '../events/fields.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import type { CorsConfiguration, GatewayOptions } from './contract.ts'

const everything: CorsConfiguration = { allowOrigins: ['*'], allowMethods: ['*'], allowHeaders: ['*'] }

/** The gateway's CORS configuration; `undefined` if the function does CORS by itself. */
export function corsOf(options: GatewayOptions): CorsConfiguration | undefined {
  if (options.cors === undefined || options.cors === false) return undefined
  return options.cors === true ? everything : options.cors
}

/** AWS: with CORS configured the gateway answers OPTIONS itself, even if there is no route for it. */
export function preflight(request: WireRequest, cors: CorsConfiguration | undefined): WireResponse | undefined {
  if (cors === undefined || request.method !== 'OPTIONS') return undefined
  const headers = corsLines(request, cors)
  if (headers.length > 0) {
    if (cors.allowMethods?.length) headers.push(['access-control-allow-methods', cors.allowMethods.join(',')])
    if (cors.allowHeaders?.length) headers.push(['access-control-allow-headers', cors.allowHeaders.join(',')])
    if (cors.maxAge !== undefined) headers.push(['access-control-max-age', String(cors.maxAge)])
  }
  return { status: 204, statusText: 'No Content', headers, body: new Uint8Array(), warnings: [] }
}

/** The lines that every answer to an allowed origin has. */
function corsLines(request: WireRequest, cors: CorsConfiguration): [string, string][] {
  const origin = lastValue(request.headers, 'origin')
  const allowed = cors.allowOrigins ?? []
  if (origin === undefined || !allowed.some((entry) => originMatches(entry, origin))) return []
  const any = allowed.includes('*') && cors.allowCredentials !== true
  const lines: [string, string][] = [['access-control-allow-origin', any ? '*' : origin]]
  if (cors.allowCredentials === true) lines.push(['access-control-allow-credentials', 'true'])
  if (cors.exposeHeaders?.length) lines.push(['access-control-expose-headers', cors.exposeHeaders.join(',')])
  return lines
}

const originMatches = (entry: string, origin: string): boolean =>
  entry === '*' || entry === origin || (entry.endsWith('://*') && origin.startsWith(entry.slice(0, -1)))

/** AWS: with CORS configured the gateway ignores the CORS headers that the function returns. */
export function overrideCors(
  lines: [string, string][],
  request: WireRequest,
  cors: CorsConfiguration | undefined,
  warnings: string[],
): [string, string][] {
  if (cors === undefined) return lines
  const kept = lines.filter(([name]) => !name.toLowerCase().startsWith('access-control-'))
  if (kept.length < lines.length) {
    warnings.push(
      "The function's access-control headers are replaced by the gateway's own CORS: set them in one place.",
    )
  }
  return [...kept, ...corsLines(request, cors)]
}

/**
 * Seen (four user reports): a function URL's own CORS adds its headers to the function's, and a browser refuses an answer
 * with two `Access-Control-Allow-Origin`.
 */
export function addCors(
  lines: [string, string][],
  request: WireRequest,
  cors: CorsConfiguration | undefined,
  warnings: string[],
): [string, string][] {
  if (cors === undefined) return lines
  const own = corsLines(request, cors)
  if (own.length > 0 && lines.some(([name]) => name.toLowerCase() === 'access-control-allow-origin')) {
    warnings.push(
      "Access-Control-Allow-Origin is there twice, and browsers refuse the answer: a function URL's CORS configuration " +
        "adds to the function's headers, so set CORS in one of the two.",
    )
  }
  return [...lines, ...own]
}
