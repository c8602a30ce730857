/** Requests that an infrastructure sends to a function. */
export interface Sent {
  /** In upper case; `ANY` for every method. */
  readonly method: string
  /** `/users/{id}`, `/files/{path+}`; `/{any*}` for every path, `/` too. */
  readonly path: string
  /** What says so in the template: the event of a function, a resource. */
  readonly place: string
  /** The function's name in the template, if it tells. */
  readonly target: string | undefined
}

/** What a template sends, and what of it could not be read. */
export interface SentList {
  readonly sent: Sent[]
  readonly warnings: string[]
}

/** Every path, as a function URL and `$default` send it. */
export const everyPath = '/{any*}'

const anyMethods = ['*', 'any', 'all', 'x-amazon-apigateway-any-method']

/** A method as templates name it. */
export const toMethod = (name: unknown): string => {
  const text = String(name ?? '*').toLowerCase()
  return anyMethods.includes(text) ? 'ANY' : text.toUpperCase()
}

/** A path as templates name it, also without its first slash. */
export function toPath(path: unknown): string {
  const text = String(path)
  if (text === '$default' || text === '*') return everyPath
  const whole = text.startsWith('/') ? text : `/${text}`
  return whole.length > 1 ? whole.replace(/\/$/, '') : whole
}

/** `GET /users/{id}`, `ANY /x`, `$default`: a key of an HTTP API's route, and serverless.yml's short form. */
export function toMethodAndPath(key: string): Pick<Sent, 'method' | 'path'> {
  const [method, path] = key.trim().split(/\s+/, 2)
  return path === undefined ? { method: 'ANY', path: toPath(method) } : { method: toMethod(method), path: toPath(path) }
}

/**
 * A load balancer's condition for paths: `*` stands for any text and `?` for any character.
 * @returns undefined if it has no form as a path of segments
 */
export function fromPathPattern(pattern: string): string | undefined {
  if (pattern === '*' || pattern === '/*') return everyPath
  const path = pattern.replace(/\/\*$/, '/{rest+}')
  return /[*?]/.test(path) ? undefined : toPath(path)
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The members of a record that are records. */
export const records = (value: unknown): [string, Record<string, unknown>][] =>
  isRecord(value)
    ? Object.entries(value).filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]))
    : []
