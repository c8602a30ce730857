import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { release } from '../message/deadline.ts'
import { etag, isFresh } from '../message/etag.ts'
import { type HttpResponse, isChunk } from '../message/message.ts'
import { cacheControl } from './cache-control.ts'
import { type Compression, compressResponse } from './compression.ts'
import type { Cors } from './cors.ts'

/** What is done to an answer after the handlers. */
export interface Finish {
  readonly cors: Cors | undefined
  readonly compression: Compression | undefined
  readonly forceCompression: boolean
  readonly cacheControl: string | undefined
  readonly etag: 'weak' | 'strong' | undefined
}

/** What is done to every answer after its handlers, errors included: CORS, caching, compression, no body where none may be. */
export function finish(route: Finish, req: Request<never>, res: Response): HttpResponse {
  route.cors?.apply(req, res)
  if (route.cacheControl !== undefined) res.headers['cache-control'] = cacheControl(route.cacheControl, res.statusCode)
  if (route.etag !== undefined) validate(route.etag, req, res)
  const { compression } = route
  if (compression !== undefined ? res.compress !== false : res.compress === true) {
    const force = res.compress ?? route.forceCompression
    compressResponse(res, req.headers.get('accept-encoding'), compression ?? defaultCompression, force)
  }
  const status = res.statusCode
  if (req.method !== 'HEAD' && !isBodiless(status)) return { status, headers: res.headers, body: res.body }
  release(res.body)
  return { status, headers: res.headers }
}

const defaultCompression = { threshold: 0, encodings: ['zstd', 'br', 'gzip', 'deflate'] } as const

/** 1xx, 204, 205 and 304 have no content (RFC 9110, section 15). */
const isBodiless = (status: number): boolean => status < 200 || status === 204 || status === 205 || status === 304

function validate(kind: 'weak' | 'strong', req: Request<never>, res: Response): void {
  const { headers, body, statusCode } = res
  if (statusCode !== 200 || (req.method !== 'GET' && req.method !== 'HEAD') || !isChunk(body)) return
  headers['etag'] ??= etag(body, kind)
  const fresh = isFresh(
    { ifNoneMatch: req.headers.get('if-none-match'), ifModifiedSince: req.headers.get('if-modified-since') },
    { etag: headers['etag'] as string, lastModified: headers['last-modified'] as string | undefined },
  )
  if (!fresh) return
  res.status(304).send()
  delete headers['content-type']
  delete headers['content-length']
}
