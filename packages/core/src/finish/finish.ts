import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { markEncoded, weakenTag } from '../message/content-coding.ts'
import { release } from '../message/deadline.ts'
import { etag, isFresh } from '../message/etag.ts'
import { type HttpResponse, isChunk } from '../message/message.ts'
import { cacheControl } from './cache-control.ts'
import {
  type Compression,
  compress,
  compressStream,
  createCompression,
  type Encoding,
  encodingFor,
} from './compression.ts'
import type { Cors } from './cors.ts'

/** What is done to an answer after the handlers. */
export interface Finish {
  readonly cors: Cors | undefined
  readonly compression: Compression | undefined
  readonly forceCompression: boolean
  readonly cacheControl: string | undefined
  readonly etag: 'weak' | 'strong' | undefined
}

/**
 * What is done to every answer after its handlers, errors included: CORS, caching, compression, no body if the status or the
 * method allows none.
 */
export function finish(route: Finish, req: Request<never>, res: Response): HttpResponse {
  const { headers } = res
  route.cors?.apply(req, res)
  if (route.cacheControl !== undefined) headers['cache-control'] = cacheControl(route.cacheControl, res.statusCode)
  const encoding = chooseEncoding(route, req, res)
  if (route.etag !== undefined) validate(route.etag, encoding, req, res)
  if (encoding !== undefined && res.body !== undefined) encode(encoding, res)
  const status = res.statusCode
  if (req.method !== 'HEAD' && !isBodiless(status)) return { status, headers, body: res.body }
  release(res.body)
  return { status, headers }
}

/** 1xx, 204, 205 and 304 have no content (RFC 9110, section 15). */
const isBodiless = (status: number): boolean => status < 200 || status === 204 || status === 205 || status === 304

function chooseEncoding(route: Finish, req: Request<never>, res: Response): Encoding | undefined {
  const { compression } = route
  if (compression !== undefined ? res.compress === false : res.compress !== true) return undefined
  const force = res.compress ?? route.forceCompression
  return encodingFor(res, req.headers.get('accept-encoding'), compression ?? createCompression(), force)
}

function encode(encoding: Encoding, res: Response): void {
  const { body, headers } = res
  res.send(isChunk(body) ? compress(body, encoding) : compressStream(body!, encoding))
  markEncoded(headers, encoding)
}

/**
 * Adds an entity tag, and answers 304 if the client's copy is current. A 304 has the fields of the 200 that it stands for, as
 * caches update their copy with them (RFC 9110, section 15.4.5); the content type too, since API Gateway and function URLs
 * add one to an answer without, and browsers then take the page for a download.
 */
function validate(kind: 'weak' | 'strong', encoding: Encoding | undefined, req: Request<never>, res: Response): void {
  const { headers, body, statusCode } = res
  if (statusCode !== 200 || (req.method !== 'GET' && req.method !== 'HEAD') || !isChunk(body)) return
  headers['etag'] ??= etag(body, kind)
  if (encoding !== undefined) weakenTag(headers)
  const fresh = isFresh(
    { ifNoneMatch: req.headers.get('if-none-match'), ifModifiedSince: req.headers.get('if-modified-since') },
    { etag: headers['etag'] as string, lastModified: headers['last-modified'] as string | undefined },
  )
  if (!fresh) return
  res.status(304).send()
  delete headers['content-length']
}
