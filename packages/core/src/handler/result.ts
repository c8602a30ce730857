import type { CookieOptions } from '../message/cookie.ts'
import { warnOnce } from '../message/log.ts'
import type { Chunk } from '../message/message.ts'
import type { Request } from './request.ts'
import type { Body, Response } from './response.ts'

/** What {@link reply} takes. */
export interface ReplyOptions<Status extends number = number, Body = unknown> {
  /** Default 200. */
  readonly status?: Status
  /** Used unless `headers` has a content-type. Default: as for the same value returned by itself. */
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string | number | readonly string[] | undefined>>
  readonly cookies?: readonly ReplyCookie[]
  /** Text, bytes or a stream as they are; anything else, lists included, as JSON. */
  readonly body?: Body
  /** Whether to compress this answer; overrides the route. */
  readonly compress?: boolean
}

export interface ReplyCookie extends CookieOptions {
  readonly name: string
  readonly value: string
}

/** A complete answer; made by {@link reply}. */
export class Reply<Status extends number = number, Body = unknown> {
  readonly options: ReplyOptions<Status, Body>

  constructor(options: ReplyOptions<Status, Body>) {
    this.options = options
  }
}

/** A reply for each of several statuses, as a contract declares them one by one. */
type ReplyOfEach<Status extends number, Body> = Status extends number ? Reply<Status, Body> : never

/**
 * A complete answer: status, headers, cookies and body.
 * @example return reply({ status: 201, headers: { location: '/orders/7' }, body: { id: 7 } })
 */
export const reply = <const Status extends number = 200, Body = undefined>(
  options: ReplyOptions<Status, Body>,
): ReplyOfEach<Status, Body> => new Reply(options) as ReplyOfEach<Status, Body>

/** `[status, contentType, body]`, written out by a handler. */
export type ReplyTuple = readonly [status: number, contentType: string, body: unknown]

/** The members of the web's `Response` that are read; a real one has them all. */
export interface WebResponse {
  readonly status: number
  readonly headers: { forEach(visit: (value: string, name: string) => void): void; getSetCookie?(): string[] }
  readonly body: unknown
  /** The address that `fetch` read; `''` or absent if the response was made by hand. */
  readonly url?: string
  arrayBuffer(): Promise<ArrayBuffer>
}

/**
 * Writes what a handler returned onto the response.
 * @param place the route whose handler it was, for the error.
 * @throws TypeError if it cannot be an answer.
 */
export function applyResult(req: Request<never>, res: Response, value: unknown, place: string): void {
  if (typeof value === 'object' && value !== null) applyObject(req, res, value, place)
  else if (typeof value === 'string') req.sentString(value) ? res.json(value) : res.text(value)
  else if (typeof value === 'function' || typeof value === 'symbol') throw invalid(`a ${typeof value}`, place)
  else res.json(value)
}

// Recognised by its members, never by `instanceof Response`: naming that global costs 50 ms of a cold start.
function applyObject(req: Request<never>, res: Response, value: object, place: string): void {
  if (value === res) return
  if (value instanceof Reply) applyReply(res, value.options)
  else if (Array.isArray(value)) isTuple(value) && !req.sentTuple(value) ? applyTuple(res, value) : res.json(value)
  else if (isBinary(value)) res.send(bytesOf(value), 'application/octet-stream')
  else if (value instanceof Error) throw invalid('an Error: throw it instead', place)
  else if (isStream(value)) res.send(value, 'application/octet-stream')
  else if (isWebResponse(value)) applyWebResponse(res, value)
  else {
    if ('statusCode' in value) warnOfProxyResult(value, place)
    res.json(value)
  }
}

const invalid = (value: string, place: string): TypeError =>
  new TypeError(`${place} returned ${value}; a handler returns JSON, text, bytes, a stream or reply({…})`)

const isTuple = (value: readonly unknown[]): value is ReplyTuple =>
  value.length === 3 && Number.isInteger(value[0]) && typeof value[1] === 'string' && value[1].includes('/')

function applyTuple(res: Response, [status, contentType, body]: ReplyTuple): void {
  res.status(status).type(contentType)
  applyBody(res, body)
}

function applyReply(
  res: Response,
  { status = 200, contentType, headers, cookies, body, compress }: ReplyOptions,
): void {
  res.status(status)
  if (contentType !== undefined) res.type(contentType)
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined)
      name.toLowerCase() === 'set-cookie' ? res.append(name, [value].flat().map(String)) : res.set(name, value)
  }
  for (const { name, value, ...attributes } of cookies ?? []) res.cookie(name, value, attributes)
  res.compress = compress
  applyBody(res, body)
}

function applyBody(res: Response, body: unknown): void {
  if (body === undefined || body === null) res.send()
  else if (typeof body === 'string') res.text(body)
  else if (typeof body === 'object' && isBinary(body)) res.send(bytesOf(body), 'application/octet-stream')
  else if (typeof body === 'object' && isStream(body)) res.send(body, 'application/octet-stream')
  else res.json(body)
}

const isBinary = (value: object): value is ArrayBuffer | ArrayBufferView =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer

function bytesOf(value: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return value instanceof Uint8Array ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

// A Node stream, a web stream and an async generator are all async iterables of chunks.
const isStream = (value: object): value is AsyncIterable<Chunk> => Symbol.asyncIterator in value

const isWebResponse = (value: object): value is WebResponse =>
  typeof (value as Partial<WebResponse>).arrayBuffer === 'function' &&
  typeof (value as Partial<WebResponse>).status === 'number'

function applyWebResponse(res: Response, web: WebResponse): void {
  res.status(web.status)
  web.headers.forEach((value, name) => {
    if (name !== 'set-cookie') res.set(name, value)
  })
  // `fetch` decodes a body and keeps the fields of the encoded one (Fetch Standard, "HTTP-network fetch").
  if (web.url && fetchDecodes(res.get('content-encoding'))) {
    res.remove('content-encoding').remove('content-length')
  }
  res.append('set-cookie', web.headers.getSetCookie?.() ?? [])
  res.send((web.body ?? undefined) as Body)
}

// Node's fetch decodes every coding of a body, or none if it does not know one of them; undici reads zstd from version 7.
const fetchDecodes = (codings: unknown): boolean =>
  String(codings)
    .split(',')
    .every((coding) =>
      /zstd/i.test(coding)
        ? Number.parseInt(process.versions.undici!, 10) > 6
        : /^\s*(?:(?:x-)?gzip|deflate|br)\s*$/i.test(coding),
    )

/** What a Lambda proxy handler would return is JSON like any other object: a client could send it to a handler that echoes. */
function warnOfProxyResult(value: object, place: string): void {
  if (!('body' in value || 'headers' in value || 'multiValueHeaders' in value)) return
  warnOnce(
    `${place} returned an object with statusCode, and JSON of that object was sent. If it is the result of an existing ` +
      'Lambda handler, wrap that handler in fromLambdaHandler(); otherwise return reply({ status, headers, body })',
  )
}
