import { toAnswer } from './expect/answer.ts'
import { Response } from './response/response.ts'

/** What `redact()` and `responseSerializer()` replace beside dates and ids. */
export interface RedactOptions {
  /** Names of members and header fields whose values differ with each run, beside those that are known. */
  names?: readonly string[]
  /** Patterns of texts that differ with each run, by the word that is to stand for them. */
  patterns?: Readonly<Record<string, RegExp>>
}

/** A serializer as vitest and Jest take it. */
export interface SnapshotSerializer {
  /** Whether it serializes this value. */
  test(value: unknown): boolean
  /** The text of the value in a snapshot. */
  // biome-ignore lint/suspicious/noExplicitAny: the types of what is handed on are each test runner's own
  serialize(value: unknown, config: any, indentation: string, depth: number, refs: any, print: any): string
}

const PATTERNS: Readonly<Record<string, RegExp>> = {
  // ISO 8601, and the three forms of RFC 9110, 5.6.7, of which one is in use.
  date: /\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT/g,
  uuid: /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi,
  'trace id': /\b(?:Root=)?1-[\da-f]{8}-[\da-f]{24}\b/g,
  ulid: /\b[0-7][\dA-HJKMNP-TV-Z]{25}\b/g,
  'object id': /\b[\da-f]{24}\b/g,
}

/** Members that hold seconds or milliseconds. */
const TIMES = /(?:At|_at|Date|_date|Time|_time|[Tt]imestamp)$|^(?:date|time|iat|exp|nbf)$/
const IDS =
  /^(?:apigw-requestid|x-(?:amzn-|amz-)?(?:request-?id|trace-id|cf-id|apigw-id)|x-correlation-id|traceparent)$/

/** Replaces the dates and ids of one value; the same id has the same number everywhere in it. */
class Redaction {
  readonly #seen = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  readonly #names: ReadonlySet<string>
  readonly #patterns: [string, RegExp][]

  constructor({ names = [], patterns = {} }: RedactOptions) {
    this.#names = new Set(names)
    this.#patterns = Object.entries({ ...patterns, ...PATTERNS })
  }

  value(value: unknown, name = ''): unknown {
    if (this.#names.has(name) && value !== null && value !== undefined) return this.#mark(name, String(value))
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') return TIMES.test(name) && isEpoch(value) ? '<date>' : value
    if (value instanceof Date) return '<date>'
    if (Array.isArray(value)) return value.map((one) => this.value(one, name))
    return isPlain(value) ? this.#members(value) : value
  }

  text(text: string): string {
    return this.#patterns.reduce(
      (left, [word, pattern]) =>
        left.replace(pattern, (found) => (word === 'date' ? '<date>' : this.#mark(word, found))),
      text,
    )
  }

  header(name: string, value: string): string {
    if (IDS.test(name)) return '<id>'
    return this.#names.has(name) ? this.#mark(name, value) : this.text(value)
  }

  #members(value: object): object {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.value(one, name)]))
  }

  #mark(word: string, found: string): string {
    const key = `${word} ${found.toLowerCase()}`
    const known = this.#seen.get(key)
    if (known !== undefined) return known
    const count = (this.#counts.get(word) ?? 0) + 1
    this.#counts.set(word, count)
    const mark = `<${word} ${count}>`
    this.#seen.set(key, mark)
    return mark
  }
}

/** Seconds or milliseconds since 1970, from 2001 on. */
function isEpoch(value: number): boolean {
  return (value >= 1e9 && value < 1e10) || (value >= 1e12 && value < 1e13)
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * The value with a mark for each date and id, so that a snapshot of it is the same in every run: `<date>`, `<uuid 1>`. The
 * same id has the same number, so what belongs together still shows.
 *
 * @example expect(redact(res.body, { names: ['orderNumber'] })).toMatchSnapshot()
 */
export function redact<T>(value: T, options: RedactOptions = {}): T {
  return new Redaction(options).value(value) as T
}

/**
 * A snapshot serializer for the client's responses: status, headers and body, dates and ids redacted.
 *
 * @example expect.addSnapshotSerializer(responseSerializer({ names: ['orderNumber'] }))
 */
export function responseSerializer(options: RedactOptions = {}): SnapshotSerializer {
  return {
    test: (value) => value instanceof Response,
    serialize(value, config, indentation, depth, refs, print) {
      const response = value as Response
      const redaction = new Redaction(options)
      const body = redaction.value(bodyOf(response))
      const changed = JSON.stringify(body) !== JSON.stringify(bodyOf(response))
      const lines = headerLines(response, redaction, changed)
      const shown = typeof body === 'string' ? body : print(body, config, indentation, depth, refs)
      const head = [`HTTP ${response.status}`, ...lines].join(`\n${indentation}`)
      return shown === '' ? head : `${head}\n\n${indentation}${shown}`
    },
  }
}

/** What is shown of a body: parsed if it is JSON, otherwise its text; of bytes how many there are. */
function bodyOf(response: Response): unknown {
  const { body, text } = response
  if (Buffer.isBuffer(body)) return `${body.length} bytes`
  return isPlain(body) && Object.keys(body).length === 0 ? (text ?? '') : body
}

// They come from the connection, and the moment.
const UNSTEADY = new Set(['connection', 'keep-alive', 'transfer-encoding'])

function headerLines(response: Response, redaction: Redaction, changed: boolean): string[] {
  return Object.entries(toAnswer(response).headers)
    .filter(([name]) => !UNSTEADY.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const))
    .map(
      ([name, value]) => `${name}: ${changed && OF_BODY.has(name) ? '<of the body>' : redaction.header(name, value)}`,
    )
}

/** They change with the dates and ids of the body. */
const OF_BODY = new Set(['etag', 'content-length', 'content-md5', 'digest', 'content-digest'])
