import { addVary } from '../message/content-coding.ts'
import { type CookieOptions, cookie } from '../message/cookie.ts'
import { token } from '../message/grammar.ts'
import { valueTest } from '../message/headers.ts'
import type { JsonCodec } from '../message/json.ts'
import { type Chunk, createHeaders, type HttpHeaders, type HttpResponse } from '../message/message.ts'
import { remember } from '../message/remember.ts'
import { ChunkQueue } from './chunk-queue.ts'

/** A whole body, or chunks as they come. */
export type Body = HttpResponse['body']

/** The response that a handler writes to, if it does not return its answer. */
export class Response {
  /** Header fields so far, by lower-case name. */
  readonly headers: HttpHeaders = createHeaders()
  /** @internal The option `compress` of a reply. */
  compress: boolean | undefined = undefined
  /** @internal Index of the route's step that was called last; -1 in an error handler. */
  entered = 0

  readonly #json: JsonCodec
  readonly #streaming: boolean
  #started: PromiseWithResolvers<void> | undefined
  #chunks: ChunkQueue | undefined
  #status = 200
  #body: Body = undefined
  #answered = false

  constructor(json: JsonCodec, streaming = false) {
    this.#json = json
    this.#streaming = streaming
  }

  get statusCode(): number {
    return this.#status
  }

  get body(): Body {
    return this.#body
  }

  /** Whether a status or a body was set, by a method or by a value that a handler returned. */
  get answered(): boolean {
    return this.#answered
  }

  /**
   * Sets the status.
   * @throws RangeError if the code is not an integer from 100 to 999.
   */
  status(code: number): this {
    if (!Number.isInteger(code) || code < 100 || code > 999) {
      throw new RangeError(`The status must be an integer from 100 to 999, not ${String(code)}`)
    }
    this.#status = code
    this.#answered = true
    return this
  }

  /**
   * Sets a header field.
   * @throws TypeError if the name is not a token, or a value has a line break or another character that a header cannot carry.
   */
  set(name: string, value: string | number | readonly string[]): this {
    this.headers[fieldName(name)] = fieldValue(name, value)
    return this
  }

  /**
   * Adds a value to a field.
   * @throws TypeError as {@link set} does.
   */
  append(name: string, value: string | readonly string[]): this {
    const key = fieldName(name)
    const present = this.headers[key]
    const added = fieldValue(name, value)
    this.headers[key] = present === undefined ? added : ([] as string[]).concat(present, added)
    return this
  }

  /** The field's value or values, by its name in any case. */
  get(name: string): string | string[] | undefined {
    return this.headers[name.toLowerCase()]
  }

  /** Removes a field, by its name in any case. */
  remove(name: string): this {
    delete this.headers[name.toLowerCase()]
    return this
  }

  /** Sets the `content-type`. */
  type(contentType: string): this {
    return this.set('content-type', contentType)
  }

  /**
   * Adds a name to `Vary`, once.
   * @throws TypeError if it has a character that a header cannot carry.
   */
  vary(name: string): this {
    addVary(this.headers, fieldValue('vary', name) as string)
    return this
  }

  /**
   * Sets a cookie.
   * @example res.cookie('session', id, { httpOnly: true, secure: true, sameSite: 'lax', maxAge: 3600 })
   * @throws TypeError if a part cannot stand in a cookie, or browsers would refuse the cookie.
   */
  cookie(name: string, value: string, options?: CookieOptions): this {
    return this.append('set-cookie', [cookie(name, value, options)])
  }

  /** Makes the client forget a cookie; path, domain and `secure` have to be those that it was set with. */
  clearCookie(name: string, options?: Omit<CookieOptions, 'expires' | 'maxAge'>): this {
    return this.cookie(name, '', { ...options, expires: new Date(0) })
  }

  /**
   * Sends JSON, whatever the value.
   * @throws TypeError if the value has no JSON form.
   */
  json(value: unknown): this {
    return this.#send(this.#json.stringify(value), 'application/json')
  }

  /** Sends text. */
  text(text: string): this {
    return this.#send(text, 'text/plain; charset=utf-8')
  }

  /** Sends HTML. */
  html(html: string): this {
    return this.#send(html, 'text/html; charset=utf-8')
  }

  /** Sends a body as it is; `contentType` is used if none was set. */
  send(body?: Body, contentType?: string): this {
    return this.#send(body, contentType === undefined ? undefined : fieldValue('content-type', contentType))
  }

  #send(body: Body, contentType: string | string[] | undefined): this {
    if (contentType !== undefined) this.headers['content-type'] ??= contentType
    this.#body = body
    this.#answered = true
    return this
  }

  /**
   * Sends a chunk; headers can be set until the first. Resolves when the client has taken it, or at once if the answer is
   * collected. The answer ends with the handler, or with `end()`.
   * @example app.get('/count', async (req, res) => { for (let i = 0; i < 10; i++) await res.write(`${i}\n`) })
   */
  write(chunk: Chunk): Promise<void> {
    if (this.#chunks === undefined) {
      this.#chunks = new ChunkQueue(!this.#streaming)
      this.send(this.#chunks, 'application/octet-stream')
      this.#started?.resolve()
    }
    return this.#chunks.write(chunk)
  }

  /** Ends an answer that was written in chunks; with an error, the client sees it as broken. */
  end(error?: unknown): this {
    this.#chunks?.end(error)
    this.#answered = true
    return this
  }

  /** @internal Whether the answer is written in chunks. */
  get chunked(): boolean {
    return this.#chunks !== undefined
  }

  /** @internal Whether the client has status and headers already. */
  get sent(): boolean {
    return this.#streaming && this.chunked
  }

  /** @internal Resolves at the first `write`, after which headers can no longer change. */
  get started(): Promise<void> {
    this.#started ??= Promise.withResolvers()
    if (this.#chunks !== undefined) this.#started.resolve()
    return this.#started.promise
  }

  /**
   * Redirects. Characters that cannot stand in a URL are encoded; the target itself is not checked.
   * @throws RangeError if the status is invalid.
   */
  redirect(location: string, status = 302): this {
    return this.status(status).set('location', encodeLocation(location)).send()
  }

  /** @internal Removes status, body and the fields that describe it, for the answer to an error. Other fields stay. */
  reset(): void {
    this.#chunks = undefined
    this.#body = undefined
    this.#answered = false
    this.#status = 200
    this.compress = undefined
    for (const name of Object.keys(this.headers)) {
      if (bodyFields.has(name)) delete this.headers[name]
    }
  }
}

// Not content-security-policy and the like, which an error page needs as well.
const bodyFields: ReadonlySet<string> = new Set(
  (
    'content-type content-length content-encoding content-language content-range content-location content-disposition ' +
    'content-md5 content-digest etag last-modified cache-control expires accept-ranges'
  ).split(' '),
)

// RFC 9110, section 5.5 (field-value): a value with such a character never gets on the wire.
const isFieldValue = valueTest((value) => !/[^\t\x20-\x7e\x80-\xff]/.test(value))

const fieldName = remember((name: string): string => {
  if (!token.test(name)) throw new TypeError(`A header cannot be named ${JSON.stringify(name)}`)
  return name.toLowerCase()
}, 200)

function fieldValue(name: string, value: string | number | readonly string[]): string | string[] {
  if (typeof value !== 'string' && typeof value !== 'number')
    return value.map((item) => fieldValue(name, item) as string)
  const text = String(value)
  if (!isFieldValue(name, text)) {
    throw new TypeError(
      `The value of header ${name} has a character that a header cannot carry: ${JSON.stringify(text)}`,
    )
  }
  return text
}

/** Encodes what cannot stand in a URL, except escapes, as Express's `res.location` does. */
const encodeLocation = (location: string): string =>
  location.toWellFormed().replace(/[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7a\x7c\x7e]|%(?![0-9a-f]{2})/giu, encodeURI)
