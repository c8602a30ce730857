import { negotiateEncoding } from '../finish/compression.ts'
import { HttpError } from '../message/errors.ts'
import { etag, isFresh } from '../message/etag.ts'
import { Assets } from './assets.ts'
import { contentSecurityPolicy, pageHtml } from './html.ts'

/** What the page of an API shows, and where its files are. */
export interface ApiPageOptions {
  /**
   * The OpenAPI document, or a function that makes it at the first request:
   * `() => openapi(app, { title: 'Todos', version: '1.0.0' }).document`.
   */
  readonly document: object | (() => object | Promise<object>)
  /** The folder that `expressway openapi --page` wrote, beside the handler: `new URL('./api/', import.meta.url)`. */
  readonly assets: URL | string
}

/** What the answer depends on. */
export interface PageRequest {
  /** What follows the path of the page: `''` for the page, or a file's name. */
  readonly name: string
  /** The path of the page as the application sees it, percent-encoded: `/docs` or `/docs/`. */
  readonly path: string
  readonly acceptEncoding: string | undefined
  readonly ifNoneMatch: string | undefined
}

/** What is sent; a 304 without a body. */
export interface PageAnswer {
  readonly status: 200 | 304
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

interface Described {
  readonly info?: { readonly title?: unknown }
  readonly openapi?: unknown
  readonly servers?: readonly { readonly url: string }[]
}

/** The page of an API: HTML, the document and Swagger UI's files, as answers for any framework to send. */
export class ApiPage {
  readonly #options: ApiPageOptions
  readonly #assets: Assets
  #document: Promise<Described> | undefined

  /** @throws TypeError if the document is neither an OpenAPI document nor a function, or the folder is invalid. */
  constructor(options: ApiPageOptions) {
    const { document } = options
    if (typeof document !== 'function') assertDocument(document)
    this.#assets = new Assets(options.assets)
    this.#options = options
  }

  /**
   * The answer to a GET or HEAD; `undefined` if the page has no file of that name.
   * @throws Error if Swagger UI's files are missing; the message names the command that writes them.
   * @throws HttpError 406 if the client takes none of the encodings of a file.
   * @throws TypeError if the function gives no OpenAPI document.
   */
  async answer(request: PageRequest): Promise<PageAnswer | undefined> {
    const { name } = request
    if (name === '') return this.#page(request)
    if (name === 'openapi.json') {
      const body = JSON.stringify(await this.#described())
      return whole(request, { 'content-type': 'application/json', 'cache-control': 'no-cache' }, body)
    }
    const [, version, type] = /^swagger-ui-([\da-f]{12})\.(js|css)$/.exec(name) ?? []
    return version && type ? this.#file(request, version, type as 'js' | 'css') : undefined
  }

  async #page(request: PageRequest): Promise<PageAnswer> {
    const { info, servers } = await this.#described()
    // One after the other, so that a missing folder is one error.
    const script = await this.#versioned('js')
    const style = await this.#versioned('css')
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': contentSecurityPolicy(servers),
      'referrer-policy': 'no-referrer',
    }
    return whole(request, headers, pageHtml(String(info?.title ?? 'API'), request.path, script, style))
  }

  async #file(request: PageRequest, version: string, type: 'js' | 'css'): Promise<PageAnswer> {
    const encoding = storedEncoding(request.acceptEncoding)
    const name = `swagger-ui.${type}`
    const [current, { bytes }] = await Promise.all([this.#versioned(type), this.#assets.read(name, encoding)])
    const isCurrent = current === `swagger-ui-${version}.${type}`
    const headers = {
      'content-type': type === 'js' ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8',
      'content-encoding': encoding,
      // A page that was open during a deployment asks for another version: it gets this one, for once.
      'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'Accept-Encoding',
    }
    return whole(request, headers, bytes)
  }

  /** The name of a file in URLs. */
  async #versioned(type: 'js' | 'css'): Promise<string> {
    return `swagger-ui-${(await this.#assets.read(`swagger-ui.${type}`, 'br')).version}.${type}`
  }

  #described(): Promise<Described> {
    if (this.#document === undefined) {
      this.#document = this.#make()
      this.#document.catch(() => (this.#document = undefined))
    }
    return this.#document
  }

  async #make(): Promise<Described> {
    const { document } = this.#options
    const made = typeof document === 'function' ? await document() : document
    assertDocument(made)
    return made
  }
}

function assertDocument(value: unknown): asserts value is Described {
  if (typeof (value as Described | null)?.openapi === 'string') return
  throw new TypeError(
    'apiPage() takes document, which is an OpenAPI document or a function that makes one: ' +
      '() => openapi(app, { title, version }).document',
  )
}

/** @throws HttpError 406 if the client takes neither. */
function storedEncoding(accept: string | undefined): 'br' | 'gzip' {
  // Without the field any encoding may be sent (RFC 9110, section 12.5.3).
  const encoding = accept === undefined ? 'gzip' : negotiateEncoding(accept, ['br', 'gzip'])
  if (encoding === 'br' || encoding === 'gzip') return encoding
  throw new HttpError(406, 'This file is sent compressed: accept br or gzip')
}

/** A whole answer with its entity tag, or 304 if the client has it already. */
function whole({ ifNoneMatch }: PageRequest, headers: Record<string, string>, body: string | Uint8Array): PageAnswer {
  const tag = etag(body, 'strong')
  const all = { ...headers, etag: tag, 'x-content-type-options': 'nosniff' }
  const isCurrent = isFresh({ ifNoneMatch, ifModifiedSince: undefined }, { etag: tag, lastModified: undefined })
  return isCurrent ? { status: 304, headers: all, body: undefined } : { status: 200, headers: all, body }
}
