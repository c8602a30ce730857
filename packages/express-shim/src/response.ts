import loadContentDisposition from '#libraries/content-disposition.cjs'
import { getBuiltinModule } from './builtin.ts'
import { check } from './check.ts'
import { type SendFileOptions, sendFile } from './files/send-file.ts'
import { type CookieOptions, serializeCookie, signCookie } from './http/cookies.ts'
import { escapeHtml } from './http/html.ts'
import { httpError } from './http/http-error.ts'
import { JSON_UTF8 } from './http/media-type.ts'
import { contentType, mimeType } from './http/mime.ts'
import { statusMessage } from './http/status-messages.ts'
import { addToVary } from './http/vary.ts'
import { Outgoing } from './node/outgoing.ts'
import { FIELDS, type FieldValue, setOwnField } from './node/outgoing-headers.ts'
import { showMembers } from './property.ts'
import type { Request } from './request.ts'
import { isPlain, sendBody } from './send.ts'
import type { MessageApplication, Next } from './types.ts'
import { encodeUrl } from './url/encode-url.ts'

export { answerOf } from './node/outgoing-flow.ts'

type Callback = (error?: Error) => void
type Formats = Record<string, (req: Request, res: Response, next: Next | undefined) => void>

/**
 * Express's response. Made for a request from an event it behaves as Node's ServerResponse wherever middleware touches it; as
 * the prototype of Node's own responses it adds Express's members to them.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged members are aliases, put on the prototype below.
export class Response extends Outgoing {
  /** As Node's, which loggers and serializers ask for. */
  static override readonly name = 'ServerResponse'
  declare app: MessageApplication
  declare req: Request
  declare locals: Record<string, unknown>

  constructor(req: Request) {
    super(req)
    this.locals = Object.create(null)
    req.res = this
  }

  status(code: number): this {
    if (!Number.isInteger(code)) throw new TypeError(invalidStatus(code, 'an integer'))
    if (code < 100 || code > 999) throw new RangeError(invalidStatus(code, 'greater than 99 and less than 1000'))
    this.statusCode = code
    return this
  }

  sendStatus(code: number): this {
    this.status(code)
    this.type('txt')
    return this.send(statusMessage(code) || String(code))
  }

  send(body?: unknown): this {
    sendBody(this, body, own)
    return this
  }

  json(value?: unknown): this {
    const body = stringify(this.app, value)
    if (!isPlain(this, own)) {
      if (!this.get('Content-Type')) this.set('Content-Type', 'application/json')
    } else if (!this[FIELDS]['content-type']) setOwnField(this, 'content-type', JSON_UTF8)
    return this.send(body)
  }

  jsonp(value?: unknown): this {
    const body = stringify(this.app, value)
    const given = this.req.query[this.app.get('jsonp callback name') as string]
    const callback = Array.isArray(given) ? given[0] : given
    const isCalled = typeof callback === 'string' && callback !== ''
    if (isCalled || !this.get('Content-Type')) {
      this.set('X-Content-Type-Options', 'nosniff')
      this.set('Content-Type', isCalled ? 'text/javascript' : 'application/json')
    }
    return this.send(isCalled ? calledBack(callback, body) : body)
  }

  get(field: string): FieldValue | undefined {
    return this.getHeader(field)
  }

  set(field: string, value: unknown): this
  set(fields: Readonly<Record<string, unknown>>): this
  set(field: string | Readonly<Record<string, unknown>>, given?: unknown): this {
    // biome-ignore lint/complexity/noArguments: a value of undefined is one, and to gather the rest makes an array.
    if (arguments.length !== 2) {
      for (const name in field as Record<string, unknown>) this.set(name, (field as Record<string, unknown>)[name])
      return this
    }
    const value = Array.isArray(given) ? given.map(String) : String(given)
    const name = field as string
    const isType = name.toLowerCase() === 'content-type'
    check(!isType || typeof value === 'string', 'Content-Type cannot be set to an Array')
    // What is no type at all ends up as `false`, as in Express. And nothing is made of what setHeader returns: middleware
    // that puts its own in place often returns nothing.
    this.setHeader(name, isType ? (contentType(value as string) as string) : value)
    return this
  }

  append(field: string, value: string | readonly string[]): this {
    const before = this.get(field) as string | string[] | undefined
    return this.set(field, before ? [before, value].flat() : value)
  }

  type(type: string): this {
    return this.set('Content-Type', type.indexOf('/') < 0 ? contentType(type) || 'application/octet-stream' : type)
  }

  vary(field: string | string[]): this {
    const present = this.getHeader('Vary') || ''
    const value = addToVary(Array.isArray(present) ? present.join(', ') : String(present), field)
    if (value) this.setHeader('Vary', value)
    return this
  }

  links(links: Readonly<Record<string, string | readonly string[]>>): this {
    const before = this.get('Link')
    const added = Object.entries(links).map(([relation, targets]) =>
      [targets]
        .flat()
        .map((target) => `<${target}>; rel="${relation}"`)
        .join(', '),
    )
    return this.set('Link', (before ? `${before}, ` : '') + added.join(', '))
  }

  location(url: string): this {
    return this.set('Location', encodeUrl(url))
  }

  redirect(url: string): void
  redirect(status: number, url: string): void
  redirect(...args: [url: string] | [status: number, url: string]): void {
    const [status, url] = args.length === 2 ? args : [302 as const, args[0]]
    warnOfRedirect(status, url)
    const address = String(this.location(url).get('Location'))
    const text = statusMessage(status)
    let body = ''
    this.format({
      text: () => {
        body = `${text}. Redirecting to ${address}`
      },
      html: () => {
        body = `<!DOCTYPE html><head><title>${text}</title></head><body><p>${text}. Redirecting to ${escapeHtml(address)}</p></body>`
      },
      default: () => {},
    })
    this.status(status)
    this.set('Content-Length', Buffer.byteLength(body))
    if (this.req.method === 'HEAD') this.end()
    else this.end(body)
  }

  format(formats: Formats): this {
    const { req } = this
    const { next } = req
    const types = Object.keys(formats).filter((type) => type !== 'default')
    const chosen = types.length > 0 ? (req.accepts(types) as string | false) : false
    this.vary('Accept')
    if (chosen) {
      this.set('Content-Type', essence(chosen))
      formats[chosen]!(req, this, next)
    } else if (formats.default) formats.default(req, this, next)
    else next?.(httpError(406, undefined, { types: types.map(essence) }))
    return this
  }

  attachment(filename?: string): this {
    const name = filename === undefined ? undefined : nodePath().basename(filename)
    if (name) this.type(nodePath().extname(name))
    return this.set('Content-Disposition', loadContentDisposition().create(name))
  }

  cookie(name: string, value: unknown, options?: CookieOptions): this {
    const own: CookieOptions = { ...options }
    const { secret } = this.req
    if (own.signed && !secret) throw new Error('cookieParser("secret") required for signed cookies')
    let text = typeof value === 'object' ? `j:${JSON.stringify(value)}` : String(value)
    if (own.signed) text = `s:${signCookie(text, secret!)}`
    if (own.maxAge != null && !Number.isNaN(own.maxAge - 0)) {
      own.expires = new Date(Date.now() + (own.maxAge - 0))
      own.maxAge = Math.floor(own.maxAge / 1000)
    }
    own.path ??= '/'
    return this.append('Set-Cookie', serializeCookie(name, text, own))
  }

  clearCookie(name: string, options?: CookieOptions): this {
    const { maxAge: _, ...own } = { path: '/', ...options, expires: new Date(1) }
    return this.cookie(name, '', own)
  }

  render(view: string, options?: object | RenderCallback, callback?: RenderCallback): void {
    const done = typeof options === 'function' ? (options as RenderCallback) : callback
    const own = (typeof options === 'function' || !options ? {} : options) as { _locals?: object }
    own._locals = this.locals
    const respond = (error: unknown, html?: string): void => {
      if (error) this.req.next?.(error)
      else this.send(html)
    }
    this.req.app.render(view, own, done ?? respond)
  }

  sendFile(path: string, options?: SendFileOptions | Callback | null, callback?: Callback): void {
    check(path, 'path argument is required to res.sendFile')
    check(typeof path === 'string', 'path must be a string to res.sendFile')
    const done = typeof options === 'function' ? options : callback
    const own = typeof options === 'function' || !options ? {} : options
    check(own.root || nodePath().isAbsolute(path), 'path must be absolute or specify root to res.sendFile')
    own.etag = this.app.enabled('etag')
    transfer(this, path, own, done)
  }

  download(
    path: string,
    filename?: string | SendFileOptions | Callback | null,
    options?: SendFileOptions | Callback | null,
    callback?: Callback,
  ): void {
    const done = [filename, options].find((arg) => typeof arg === 'function') ?? callback
    const isWithOptions = typeof filename === 'object' && (options === undefined || typeof options === 'function')
    const isNamed = typeof filename !== 'function' && !isWithOptions
    const given = isNamed ? options : filename
    const own = ((typeof given !== 'function' && given) || null) as SendFileOptions | null
    const name = nodePath().basename((isNamed && (filename as string)) || path)
    const headers: OutgoingFields = { 'Content-Disposition': loadContentDisposition().create(name) }
    for (const [field, value] of Object.entries(own?.headers ?? {})) {
      if (field.toLowerCase() !== 'content-disposition') headers[field] = value
    }
    const sent = Object.assign(Object.create(own), { headers }) as SendFileOptions
    this.sendFile(sent.root ? path : nodePath().resolve(path), sent, done as Callback | undefined)
  }
}

type OutgoingFields = NonNullable<SendFileOptions['headers']>
type RenderCallback = (error: unknown, html?: string) => void

export interface Response {
  header: Response['set']
  contentType: Response['type']
}

const { prototype } = Response
const { get, set, type } = prototype
prototype.header = set
prototype.contentType = type
showMembers(prototype)

const own = { get, set, type }

const nodePath = () => getBuiltinModule('node:path')

const invalidStatus = (code: unknown, what: string): string =>
  `Invalid status code: ${JSON.stringify(code)}. Status code must be ${what}.`

function stringify(app: MessageApplication, value: unknown): string | undefined {
  const { settings } = app
  const replacer = settings['json replacer'] as (string | number)[] | null
  const spaces = settings['json spaces'] as string | number | undefined
  const text = replacer || spaces ? JSON.stringify(value, replacer, spaces) : JSON.stringify(value)
  if (!settings['json escape'] || typeof text !== 'string') return text
  // So that no browser takes JSON for HTML.
  return text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
}

function calledBack(callback: string, body: string | undefined): string {
  const name = callback.replace(/[^[\]\w$.]/g, '')
  // JSON may hold line separators that JavaScript once did not.
  const argument = body === undefined ? '' : body.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  // The comment keeps a crafted callback from being taken for a Flash file; the check keeps a missing one quiet.
  return `/**/ typeof ${name} === 'function' && ${name}(${argument});`
}

function essence(type: string): string {
  if (type.includes('/')) return type.split(';', 1)[0]!.trim()
  return mimeType(type) || 'application/octet-stream'
}

function warnOfRedirect(status: unknown, url: unknown): void {
  if (!url) deprecate('Provide a url argument')
  if (typeof url !== 'string') deprecate('Url must be a string')
  if (typeof status !== 'number') deprecate('Status must be a number')
}

const deprecations = new Set<string>()

/** Says it once, not for each request. */
function deprecate(message: string): void {
  if (!deprecations.has(message)) process.emitWarning(`express: ${message}`, 'DeprecationWarning')
  deprecations.add(message)
}

function transfer(res: Response, path: string, options: SendFileOptions, done: Callback | undefined): void {
  const { req } = res
  const { next } = req
  sendFile(req, res, path, options, (error) => {
    if (done) return done(error)
    const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
    if (code === 'EISDIR') next?.()
    else if (error && code !== 'ECONNABORTED' && syscall !== 'write') next?.(error)
  })
}
