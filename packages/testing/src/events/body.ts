/** A body as an event holds it. */
export interface EncodedBody {
  text: string
  isBase64Encoded: boolean
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The bytes as text, each wrong sequence as U+FFFD: what a REST API does to a body that it takes for text. */
export const toText = (bytes: Uint8Array): string => utf8.decode(bytes)

/** The bytes as base64, or as text. */
export function encodeBody(bytes: Uint8Array, base64: boolean): EncodedBody {
  if (base64) return { text: Buffer.from(bytes).toString('base64'), isBase64Encoded: true }
  return { text: toText(bytes), isBase64Encoded: false }
}

/** The type and subtype in lower case, without parameters; `''` if there is none. */
export const mediaType = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()

const textTypes = new Set(['application/json', 'application/xml', 'application/javascript'])

/**
 * The types that an HTTP API, a function URL and an ALB hand on as text. Everything else is base64, also a body without
 * a type, and a form (`application/x-www-form-urlencoded`).
 */
export function isTextType(contentType: string | undefined): boolean {
  const type = mediaType(contentType)
  return type.startsWith('text/') || textTypes.has(type)
}

/** Whether a REST API's `binaryMediaTypes` list a type: exactly, by `image/*`, or by `*` + `/*`. */
export function isBinaryType(type: string, binaryMediaTypes: readonly string[]): boolean {
  return binaryMediaTypes.some((entry) => {
    const listed = entry.toLowerCase()
    if (listed === '*/*' || listed === type) return true
    return listed.endsWith('/*') && !listed.startsWith('*') && type.startsWith(listed.slice(0, -1))
  })
}
