import { addVary } from '../message/content-coding.ts'
import { type CookieOptions, cookie } from '../message/cookie.ts'
import { token } from '../message/grammar.ts'
import type { JsonCodec } from '../message/json.ts'
import { type Chunk, createHeaders, type HttpHeaders, type HttpResponse } from '../message/message.ts'
import { ChunkQueue } from './chunk-queue.ts'

/** A body that is whole, or chunks as they come. */
export type Body = HttpResponse['body']

/** What a handler writes, if it does not simply return its answer. */
export class Response {
  /** Header fields so far, by lower-case name. */
  readonly headers: HttpHeaders = createHeaders()
  /** @internal What `compress` of a reply asked for. */
  compress: boolean | undefined = undefined
  /** @internal Index of the step of the route that was entered last; -1 in an error handler. */
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

  /** Whether a status or a body was chosen, by this object or by a value that a handler returned. */
  get answered(): boolean {
    return this.#answered
  }

  /** @throws RangeError where the code is not an integer from 100 to 999. */
  status(code: number): this {
    if (!Number.isInteger(code) || code < 100 || code > 999) {
      throw new RangeError(`The status must be an integer from 100 to 999, not ${String(code)}`)
    }
    this.#status = code
    this.#answered = true
    return this
  }

  /** @throws TypeError where the name is no token or a value holds a line break or another control character. */
  set(name: string, value: string | number | readonly string[]): this {
    this.headers[fieldName(name)] = fieldValue(name, value)
    return this
  }

  /** Adds a further value to a field. */
  append(name: string, value: string | readonly string[]): this {
    const key = fieldName(name)
    const present = this.headers[key]
    const added = fieldValue(name, value)
    this.headers[key] = present === undefined ? added : ([] as string[]).concat(present, added)
    return this
  }

  get(name: string): string | string[] | undefined {
    return this.headers[name.toLowerCase()]
  }

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

  /** @example res.cookie('session', id, { httpOnly: true, secure: true, sameSite: 'lax', maxAge: 3600 }) */
  cookie(name: string, value: string, options?: CookieOptions): this {
    return this.append('set-cookie', [cookie(name, value, options)])
  }

  clearCookie(name: string, options?: Omit<CookieOptions, 'expires' | 'maxAge'>): this {
    return this.cookie(name, '', { ...options, expires: new Date(0) })
  }

  /** @throws TypeError where the value has no JSON form. */
  json(value: unknown): this {
    return this.#send(this.#json.stringify(value), 'application/json')
  }

  text(text: string): this {
    return this.#send(text, 'text/plain; charset=utf-8')
  }

  html(html: string): this {
    return this.#send(html, 'text/html; charset=utf-8')
  }

  /** Sends a body as it is; `contentType` is used where none was set. */
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
   * Sends a chunk; headers can be set until the first. Settles when the client has taken it, or at once where the answer
   * is collected. The answer ends with the handler, or with `end()`.
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

  /** Ends an answer that was written in chunks; with an error, the client sees it break off. */
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

  /** @internal Settles at the first `write`, from which on headers are settled, too. */
  get started(): Promise<void> {
    this.#started ??= Promise.withResolvers()
    if (this.#chunks !== undefined) this.#started.resolve()
    return this.#started.promise
  }

  redirect(location: string, status = 302): this {
    return this.status(status).set('location', encodeLocation(location)).send()
  }

  /** @internal Makes room for the answer of an error: what described the body goes, the rest stays. */
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

// Not content-security-policy and its like: they are about the page, and an error page wants them as well.
const bodyFields: ReadonlySet<string> = new Set(
  (
    'content-type content-length content-encoding content-language content-range content-location content-disposition ' +
    'content-md5 content-digest etag last-modified cache-control expires accept-ranges'
  ).split(' '),
)

// RFC 9110, section 5.5 (field-value): a value with such a character never gets on the wire.
const invalidValue = /[^\t\x20-\x7e\x80-\xff]/

function fieldName(name: string): string {
  if (!token.test(name)) throw new TypeError(`A header cannot be named ${JSON.stringify(name)}`)
  return name.toLowerCase()
}

function fieldValue(name: string, value: string | number | readonly string[]): string | string[] {
  if (typeof value !== 'string' && typeof value !== 'number')
    return value.map((item) => fieldValue(name, item) as string)
  const text = String(value)
  if (invalidValue.test(text)) {
    throw new TypeError(
      `The value of header ${name} has a character that a header cannot carry: ${JSON.stringify(text)}`,
    )
  }
  return text
}

/** Encodes what cannot stand in a URL and leaves escapes alone, as Express's `res.location` does. */
const encodeLocation = (location: string): string =>
  location.toWellFormed().replace(/[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7a\x7c\x7e]|%(?![0-9a-f]{2})/giu, encodeURI)
