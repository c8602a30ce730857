import { etag, weakEtag } from './http/etag.ts'
import { toUtf8 } from './http/media-type.ts'
import { Outgoing } from './node/outgoing.ts'
import { FIELDS, OutgoingHeaders, SENT, setOwnField } from './node/outgoing-headers.ts'
import type { ETagFunction } from './settings.ts'

const { end } = Outgoing.prototype
const { getHeader, setHeader } = OutgoingHeaders.prototype

/** Express's methods of a response that write and read its fields. */
export interface FieldMethods {
  get(field: string): unknown
  set(field: string, value: unknown): unknown
  type(type: string): unknown
}

/** A response as what sends its body sees it. */
export interface Sender extends Outgoing, FieldMethods {
  readonly app: { readonly settings: Readonly<Record<string, unknown>> }
  readonly req: Outgoing['req'] & { readonly fresh: boolean }
  status(code: number): unknown
  json(value: unknown): unknown
}

/** Express's `res.send`: type, length, tag and freshness, then the body. */
export function sendBody(res: Sender, body: unknown, own: FieldMethods): void {
  let chunk = body
  if (typeof body === 'string') typeOfText(res, own)
  else if (body === null) chunk = ''
  else if (ArrayBuffer.isView(body)) {
    if (!res.get('Content-Type')) res.type('bin')
  } else if (typeof body === 'boolean' || typeof body === 'number' || typeof body === 'object') {
    res.json(body)
    return
  }
  if (chunk !== undefined) chunk = measure(res, chunk, isPlain(res, own))
  if (res.req.fresh) res.status(304)
  const { statusCode } = res
  if (statusCode === 204 || statusCode === 304) {
    for (const name of ['Content-Type', 'Content-Length', 'Transfer-Encoding']) res.removeHeader(name)
    chunk = ''
  } else if (statusCode === 205) {
    res.set('Content-Length', '0')
    res.removeHeader('Transfer-Encoding')
    chunk = ''
  }
  if (res.req.method === 'HEAD') res.end()
  else res.end(chunk as string, typeof chunk === 'string' ? 'utf8' : undefined)
}

/** Whether the methods that read and set fields are ours, on this response and for all: then fields may be set directly. */
export function isPlain(res: Sender, own: FieldMethods): boolean {
  return (
    res.setHeader === setHeader &&
    res.getHeader === getHeader &&
    res.set === own.set &&
    res.get === own.get &&
    res.type === own.type &&
    !res[SENT] &&
    Boolean(res[FIELDS])
  )
}

function typeOfText(res: Sender, own: FieldMethods): void {
  if (isPlain(res, own)) {
    const type = res[FIELDS]['content-type']
    const text = typeof type === 'string' ? toUtf8(type) : 'text/html; charset=utf-8'
    if (type !== text) setOwnField(res, 'content-type', text)
    return
  }
  const type = res.get('Content-Type')
  if (typeof type === 'string') res.set('Content-Type', toUtf8(type))
  else res.type('html')
}

// Below this Express keeps a text as it is unless it needs the bytes for a tag.
const SHORT = 1000

/** Sets length and tag. The text is passed on as it is, but a replaced `end` gets a Buffer, as in Express. */
function measure(res: Sender, chunk: unknown, plain: boolean): unknown {
  const tagger = res.app.settings['etag fn'] as ETagFunction | undefined
  const wantsTag = typeof tagger === 'function' && !(plain ? res[FIELDS]['etag'] : res.get('ETag'))
  const isOwnTag = tagger === weakEtag || tagger === etag
  let content = chunk as string | Buffer
  const keepsText = typeof chunk === 'string' && res.end === end && (isOwnTag || !wantsTag)
  if (!keepsText && !Buffer.isBuffer(chunk) && (wantsTag || !((chunk as string).length < SHORT))) {
    content = Buffer.from(chunk as string, typeof chunk === 'string' ? 'utf8' : undefined)
  }
  const length = Buffer.isBuffer(content) ? content.length : Buffer.byteLength(content)
  if (!(plain ? res[FIELDS]['transfer-encoding'] : res.get('Transfer-Encoding'))) {
    if (plain) setOwnField(res, 'content-length', String(length))
    else res.set('Content-Length', length)
  }
  const tag = wantsTag ? tagger(content, typeof content === 'string' ? 'utf8' : undefined) : undefined
  if (tag && isOwnTag && plain) setOwnField(res, 'etag', tag)
  else if (tag) res.set('ETag', tag)
  return content
}
