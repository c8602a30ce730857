/** What a parser makes of a response's bytes. */
export interface ParsedBody {
  /** `undefined` if the type has no parsed form: `res.body` is `{}` then. */
  body?: unknown
  /** `undefined` for bytes. */
  text?: string
  files?: Record<string, unknown>
}
