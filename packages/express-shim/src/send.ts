import { etag, weakEtag } from './etag.ts'
import { toUtf8 } from './media-type.ts'
import { Outgoing } from './outgoing.ts'
import type { Response } from './response.ts'
import type { ETagFunction } from './settings.ts'

const { end } = Outgoing.prototype

/** Express's `res.send`: type, length, tag and freshness, then the body. */
export function sendBody(res: Response, body: unknown): void {
  let chunk = body
  if (typeof body === 'string') typeOfText(res)
  else if (body === null) chunk = ''
  else if (ArrayBuffer.isView(body)) {
    if (!res.get('Content-Type')) res.type('bin')
  } else if (typeof body === 'boolean' || typeof body === 'number' || typeof body === 'object') {
    res.json(body)
    return
  }
  chunk = measure(res, chunk)
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

function typeOfText(res: Response): void {
  const type = res.get('Content-Type')
  if (typeof type === 'string') res.set('Content-Type', toUtf8(type))
  else res.type('html')
}

// Below this Express keeps a text as it is unless it needs the bytes for a tag.
const SHORT = 1000

/** Sets length and tag. The text itself goes on where nobody looks at it: whoever replaced `end` is given Express's Buffer. */
function measure(res: Response, chunk: unknown): unknown {
  const tagger = res.app.get('etag fn') as ETagFunction | undefined
  const wantsTag = !res.get('ETag') && typeof tagger === 'function'
  if (chunk === undefined) return chunk
  const isOwnTag = tagger === weakEtag || tagger === etag
  let content = chunk as string | Buffer
  const keepsText = typeof chunk === 'string' && res.end === end && (isOwnTag || !wantsTag)
  if (!keepsText && !Buffer.isBuffer(chunk) && (wantsTag || !((chunk as string).length < SHORT))) {
    content = Buffer.from(chunk as string, typeof chunk === 'string' ? 'utf8' : undefined)
  }
  const length = Buffer.isBuffer(content) ? content.length : Buffer.byteLength(content)
  if (!res.get('Transfer-Encoding')) res.set('Content-Length', length)
  const tag = wantsTag ? tagger(content, typeof content === 'string' ? 'utf8' : undefined) : undefined
  if (tag) res.set('ETag', tag)
  return content
}
