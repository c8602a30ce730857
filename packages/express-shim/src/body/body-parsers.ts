import type { IncomingMessage, ServerResponse } from 'node:http'
import { remember } from '@expressway/core/base'
import { check } from '../check.ts'
import { hasBody, typeIs } from '../http/accepts.ts'
import { httpError, toHttpError } from '../http/http-error.ts'
import { parseMediaType } from '../http/media-type.ts'
import { parseByteSize } from './byte-size.ts'
import { type Decode, decoderOf, toBuffer, withoutMark } from './charset.ts'
import { type Inflater, inflaterOf } from './inflate.ts'
import { parseJson } from './json-body.ts'
import { isFinished, readBody } from './read-body.ts'
import { unsupportedCharset } from './read-errors.ts'
import { type FormOptions, formParser } from './urlencoded-body.ts'

type BodyRequest = IncomingMessage & { body?: unknown }
type Next = (error?: unknown) => unknown
type TypeTest = (req: IncomingMessage) => unknown
type Verify = (req: IncomingMessage, res: ServerResponse, buffer: Buffer, encoding: string) => void

/** A middleware that reads the body into `req.body`. */
export type BodyParser = (req: BodyRequest, res: ServerResponse, next: Next) => void

/** The options of all parsers. @see https://expressjs.com/en/5x/api.html#express.json */
export interface BodyOptions {
  /** Whether compressed bodies are read; 415 otherwise. Default: true. */
  inflate?: boolean
  /** The largest body, after inflating: bytes, or text such as `'1mb'`. Default: `'100kb'`. */
  limit?: number | string
  /** Which requests: media types, extensions, or a function. */
  type?: string | string[] | TypeTest
  /** Called with the raw bytes; 403 if it throws. */
  verify?: Verify
  /** The charset if `content-type` does not name one. Default: `'utf-8'`. */
  defaultCharset?: string
}

/** The options of {@link json}. */
export interface JsonOptions extends BodyOptions {
  /** Only objects and arrays. Default: true. */
  strict?: boolean
  /** As for JSON.parse. */
  reviver?: (this: unknown, key: string, value: unknown) => unknown
}

/** The options of {@link urlencoded}. */
export interface UrlencodedOptions extends BodyOptions, FormOptions {}

interface Parser {
  readonly inflate: boolean
  readonly limit: number
  readonly matches: TypeTest
  readonly verify: Verify | undefined
  /** `null` if the body stays bytes. */
  readonly defaultCharset: string | null
  readonly isCharset: (charset: string) => boolean
  readonly parse: (body: never, charset: string) => unknown
}

/**
 * Reads JSON bodies.
 *
 * @example app.use(express.json({ limit: '1mb' }))
 */
export function json(options?: JsonOptions): BodyParser {
  const { strict, reviver } = options ?? {}
  return toMiddleware('jsonParser', {
    ...resolve(options, 'application/json'),
    // RFC 8259, section 8.1: only Unicode.
    isCharset: (charset) => charset.startsWith('utf-'),
    parse: (text: string) => parseJson(text, strict !== false, reviver),
  })
}

/**
 * Reads forms (`application/x-www-form-urlencoded`).
 *
 * @example app.use(express.urlencoded({ extended: true }))
 */
export function urlencoded(options?: UrlencodedOptions): BodyParser {
  const common = resolve(options, 'application/x-www-form-urlencoded')
  const isCharset = (charset: string) => charset === 'utf-8' || charset === 'iso-8859-1'
  check(isCharset(common.defaultCharset), 'option defaultCharset must be either utf-8 or iso-8859-1')
  return toMiddleware('urlencodedParser', { ...common, isCharset, parse: formParser(options ?? {}) })
}

/**
 * Reads bodies as text.
 *
 * @example app.use(express.text({ type: 'text/*' }))
 */
export function text(options?: BodyOptions): BodyParser {
  const parse = (body: string) => body
  return toMiddleware('textParser', { ...resolve(options, 'text/plain'), isCharset: () => true, parse })
}

/**
 * Reads bodies as a Buffer.
 *
 * @example app.post('/hook', express.raw({ type: 'application/json' }), checkSignature)
 */
export function raw(options?: BodyOptions): BodyParser {
  const common = resolve(options, 'application/octet-stream')
  const parse = (body: Buffer) => body
  return toMiddleware('rawParser', { ...common, defaultCharset: null, isCharset: () => true, parse })
}

function resolve(options: BodyOptions | undefined, defaultType: string) {
  const limit = parseByteSize(options?.limit ?? 102_400)
  check(limit !== null, `option limit "${String(options?.limit)}" is invalid`)
  const verify = options?.verify || undefined
  check(!verify || typeof verify === 'function', 'option verify must be function')
  const type = options?.type || defaultType
  const matches = typeof type === 'function' ? type : typeTest(typeof type === 'string' ? [type] : type)
  const defaultCharset = options?.defaultCharset || 'utf-8'
  return { inflate: options?.inflate !== false, limit, matches, verify, defaultCharset }
}

/** Clients of one application send few types, so the answers are kept. */
function typeTest(types: string[]): TypeTest {
  const test = remember((type: string) => typeIs(type, types), 20)
  return ({ headers }) => {
    const type = headers['content-type']
    return type !== undefined && test(type)
  }
}

function toMiddleware(name: string, parser: Parser): BodyParser {
  const middleware: BodyParser = (req, res, next) => {
    if (isFinished(req)) return void next()
    if (!('body' in req)) (req as BodyRequest).body = undefined
    if (!hasBody(req.headers) || !parser.matches(req)) return void next()
    parseBody(req, res, next, parser)
  }
  // Frameworks over Express find their parsers by name, which a minifier would take away.
  return Object.defineProperty(middleware, 'name', { value: name })
}

function parseBody(req: BodyRequest, res: ServerResponse, next: Next, parser: Parser): void {
  const charset = parser.defaultCharset && (charsetOf(req) || parser.defaultCharset)
  const decode = charset === null ? undefined : decoderOf(charset)
  let inflater: Inflater | undefined
  try {
    if (charset !== null && (!parser.isCharset(charset) || (parser.verify && !decode)))
      throw unsupportedCharset(charset)
    inflater = contentInflater(req, parser)
  } catch (error) {
    return void next(error)
  }
  const refusal = charset === null || decode ? undefined : unsupportedCharset(charset)
  const length = inflater ? null : contentLength(req)
  readBody(req, { limit: parser.limit, length, inflater, refusal }, (error, body) => {
    next(error ?? setBody(req, res, parser, charset, decode, body!))
  })
}

function charsetOf({ headers }: IncomingMessage): string | undefined {
  const type = headers['content-type']
  return type?.includes(';') ? parseMediaType(type).parameters.charset?.toLowerCase() : undefined
}

function contentInflater({ headers }: IncomingMessage, parser: Parser): Inflater | undefined {
  const coding = (headers['content-encoding'] || 'identity').toLowerCase()
  if (coding === 'identity') return undefined
  if (parser.inflate) return inflaterOf(coding)
  throw httpError(415, 'content encoding unsupported', { encoding: coding, type: 'encoding.unsupported' })
}

function contentLength({ headers }: IncomingMessage): number | null {
  const length = headers['content-length']
  return length === undefined || Number.isNaN(Number(length)) ? null : Number.parseInt(length, 10)
}

/** Puts the parsed body on the request; returns the error if there is one. */
function setBody(
  req: BodyRequest,
  res: ServerResponse,
  parser: Parser,
  charset: string | null,
  decode: Decode | undefined,
  body: string | Buffer,
): unknown {
  if (parser.verify) {
    const bytes = toBuffer(body)
    try {
      parser.verify(req, res, bytes, charset as string)
    } catch (error) {
      return toHttpError(error, 403, { body: bytes, type: typeOf(error) || 'entity.verify.failed' })
    }
  }
  const content = decode ? toText(body, charset!, decode) : toBuffer(body)
  if (content === undefined) return unsupportedCharset(charset!)
  try {
    req.body = parser.parse(content as never, charset!)
  } catch (error) {
    return toHttpError(error, 400, { body: content, type: typeOf(error) || 'entity.parse.failed' })
  }
  return undefined
}

const typeOf = (error: unknown): unknown => (error as { type?: unknown } | undefined)?.type

/** Text that arrived as text is not decoded again, unless the request names another charset. */
function toText(body: string | Buffer, charset: string, decode: Decode): string | undefined {
  if (typeof body !== 'string') return decode(body)
  if (charset !== 'utf-8') return decode(Buffer.from(body))
  return withoutMark(body.toWellFormed())
}
