import { remember } from '@expressway/core/base'
import { getBuiltinModule } from '../builtin.ts'
import { sha1 } from './sha1.ts'

type Hash = (algorithm: 'sha1', data: string | Uint8Array, encoding: 'base64') => string

// node:crypto is four times as fast, but takes 5 ms to load: small bodies are hashed in JavaScript, up to this many blocks of
// 64 bytes in all, 0.3 µs each.
const SMALL = 2048
const BLOCKS = 4000

let blocks = 0
let hash: Hash | undefined

// Answers repeat, and a tag takes a third of the time of a small answer: the tags of short texts are kept.
const SHORT = 1000
const tagOfShort = remember(tagOf, 200)

/** A strong entity tag, as Express makes it: the length in hexadecimal and the body's SHA-1. */
export function etag(body: string | Uint8Array, encoding?: BufferEncoding): string {
  const isText = typeof body === 'string'
  const content = isText && encoding && encoding !== 'utf8' ? Buffer.from(body, encoding) : body
  return typeof content === 'string' && content.length <= SHORT ? tagOfShort(content) : tagOf(content)
}

function tagOf(content: string | Uint8Array): string {
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
  blocks += (length >> 6) + 1
  if (length > SMALL || blocks > BLOCKS) hash ??= getBuiltinModule('node:crypto').hash
  const digest = hash ? hash('sha1', content, 'base64').slice(0, 27) : sha1(content, length)
  return `"${length.toString(16)}-${digest}"`
}

/** The same as a weak tag: Express's default. */
export function weakEtag(body: string | Uint8Array, encoding?: BufferEncoding): string {
  return `W/${etag(body, encoding)}`
}
