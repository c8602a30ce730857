import { HttpError } from '@expressway/core/base'
import { type BodyKind, parseCookies, parseMultipart, type RequestParts } from '@expressway/core/contract'
import type { Request, Response } from 'express'
import { json, raw, urlencoded } from '../body/body-parsers.ts'

/** What API Gateway takes. */
const limit = '10mb'

/** Files as multer leaves them. */
interface UploadedFile {
  readonly fieldname: string
}

interface WithFiles {
  readonly file?: UploadedFile
  readonly files?: readonly UploadedFile[] | Readonly<Record<string, readonly UploadedFile[]>>
}

/** A request of Express, on Lambda or on a real server, as a contract reads it. */
export class ExpressParts implements RequestParts {
  readonly #req: Request

  constructor(req: Request) {
    this.#req = req
  }

  get params(): unknown {
    return this.#req.params
  }

  get query(): unknown {
    return this.#req.query
  }

  /** By lower-case name, the values of a repeated field joined: what Node leaves as a list is Set-Cookie, which no client sends. */
  get headers(): unknown {
    return Object.fromEntries(
      Object.entries(this.#req.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    )
  }

  get cookies(): unknown {
    return this.#req.cookies ?? parseCookies(this.#req.headers.cookie)
  }

  get contentType(): string | undefined {
    return this.#req.headers['content-type']
  }

  get hasBody(): boolean {
    const { 'content-length': length, 'transfer-encoding': encoding } = this.#req.headers
    return encoding !== undefined || Number(length ?? 0) > 0
  }

  body(kind: BodyKind): unknown {
    if (!this.hasBody) return undefined
    const { body } = this.#req
    if (kind !== 'multipart') return body
    return Buffer.isBuffer(body)
      ? parseMultipart(body, this.contentType!)
      : { ...body, ...filesOf(this.#req as WithFiles) }
  }
}

/** By field; one file of a field is that file. */
function filesOf({ file, files }: WithFiles): Record<string, unknown> {
  if (file !== undefined) return { [file.fieldname]: file }
  const byField: Record<string, unknown> = Object.create(null)
  if (!Array.isArray(files)) {
    for (const [name, list] of Object.entries(files ?? {})) byField[name] = list.length === 1 ? list[0] : list
    return byField
  }
  for (const one of files)
    byField[one.fieldname] = one.fieldname in byField ? [byField[one.fieldname], one].flat() : one
  return byField
}

/** Parses the body, unless a parser ran before: `express.json()`, multer. Calls back with the parser's error. */
export function parseBody(req: Request, res: Response, done: (error?: unknown) => void): void {
  // Express leaves the body undefined until a parser has run.
  if (req.body !== undefined) {
    done()
    return
  }
  const parsers = [
    json({ limit, strict: false, type: ['json', '+json'] }),
    urlencoded({ limit, extended: false }),
    raw({ limit, type: 'multipart/form-data' }),
  ]
  const parseNext = (index: number) => (error?: unknown) => {
    if (error) done(toHttpError(error as BodyError))
    else if (index === parsers.length) done()
    else parsers[index]!(req as never, res as never, parseNext(index + 1) as never)
  }
  parseNext(0)()
}

interface BodyError extends Error {
  readonly status?: number
}

/** A parser's error as one of core, so that it is answered in the same form. */
const toHttpError = (error: BodyError): Error =>
  error.status === undefined ? error : new HttpError(error.status, error.message, { cause: error })
