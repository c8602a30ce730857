import { BadRequestError } from './errors.ts'
import { warnOnce } from './log.ts'

/** How an application writes and reads JSON. */
export interface JsonOptions {
  /** How a BigInt is written: as a string, or as a JSON number with all its digits. Default `'string'`. */
  readonly bigint?: 'string' | 'number'
  /** Replaces `JSON.stringify` for answers. */
  readonly stringify?: (value: unknown) => string
  /**
   * How a number in a request body is read if a double cannot hold it exactly. `'double'` (the default) rounds as
   * `JSON.parse` does; `'exact'` gives a BigInt for an integer and otherwise the digits as a string; a function gets the digits.
   * @example createApp({ json: { numbers: (digits) => new Decimal(digits) } })
   */
  readonly numbers?: 'double' | 'exact' | ((digits: string) => unknown)
}

/** How one application writes and reads JSON. */
export interface JsonCodec {
  /** @throws TypeError if the value is not JSON: a cycle, a function, `undefined`; in `debug` also a Map or a Set. */
  readonly stringify: (value: unknown) => string
  /** @throws HttpError 400 if the text is not JSON, or has a member named `__proto__`. */
  readonly parse: (text: string) => unknown
}

/**
 * Makes a codec of {@link JsonOptions}. Decimals (decimal.js, big.js) write themselves as strings by their own `toJSON`.
 * @param debug whether a Map or a Set in an answer is an error; otherwise it is a warning.
 */
export function createJson(options: JsonOptions = {}, debug = false): JsonCodec {
  const { bigint = 'string', numbers = 'double' } = options
  return {
    stringify: options.stringify ?? ((value) => stringify(value, bigint, debug)),
    parse: (text) => parse(text, numbers),
  }
}

function stringify(value: unknown, bigint: 'string' | 'number', debug: boolean): string {
  const text = encode(value, bigint)
  if (text === undefined) throw new TypeError(`${typeof value} has no JSON form`)
  if (text.includes('{}') && (debug || emptyObjects < 100)) checkCollections(value, debug)
  return text
}

// How many answers with an empty object were searched: enough to meet the code that makes them, and no cost after that.
let emptyObjects = 0

/** JSON writes a Map or a Set as `{}`, so that its content is lost. */
function checkCollections(value: unknown, debug: boolean): void {
  emptyObjects++
  const isCollection = (item: object): boolean => item instanceof Map || item instanceof Set
  if (!someNested(value, isCollection)) return
  const message = 'an answer has a Map or a Set in it, of which JSON makes {}: use Object.fromEntries(map) or [...set]'
  if (debug) throw new TypeError(message)
  warnOnce(message)
}

// A replacer makes JSON.stringify several times slower, so it is used only for a value with a BigInt.
function encode(value: unknown, bigint: 'string' | 'number'): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof TypeError) || !error.message.includes('BigInt')) throw error
    const write = bigint === 'number' ? rawJson : String
    return JSON.stringify(value, (_name, item) => (typeof item === 'bigint' ? write(item) : item))
  }
}

// JSON.rawJSON is in Node 22, but not yet in TypeScript's library.
const rawJson = (value: bigint): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value))

function parse(text: string, numbers: NonNullable<JsonOptions['numbers']>): unknown {
  let value: unknown
  try {
    value = numbers === 'double' ? JSON.parse(text) : parseExact(text, numbers === 'exact' ? exactNumber : numbers)
  } catch (cause) {
    if (!(cause instanceof SyntaxError || isTooDeep(cause))) throw cause
    throw new BadRequestError(`The request body is not valid JSON: ${cause.message}`, { cause })
  }
  // Object.assign and the like would make it the prototype of their target. `\u00` may begin an escaped letter of the name.
  if ((text.includes('__proto__') || text.includes('\\u00')) && someNested(value, hasProto))
    throw new BadRequestError('The request body has a member named __proto__')
  return value
}

const hasProto = (item: object): boolean => Object.hasOwn(item, '__proto__')

/**
 * Whether some list or object within a JSON value, or the value itself, passes the test. A loop and not a recursion, as a
 * client chooses the depth. Objects that write themselves as JSON are left out.
 */
export function someNested(value: unknown, test: (item: object) => boolean): boolean {
  const pending = [value]
  while (pending.length > 0) {
    const item = pending.pop()
    if (typeof item !== 'object' || item === null) continue
    if (typeof (item as { toJSON?: unknown }).toJSON === 'function') continue
    if (test(item)) return true
    for (const child of Object.values(item)) if (typeof child === 'object') pending.push(child)
  }
  return false
}

// JSON.parse itself does not recurse; with a reviver it does, until the stack is full.
const isTooDeep = (error: unknown): error is RangeError => error instanceof RangeError && /stack/.test(error.message)

const exactNumber = (digits: string): unknown => (/^-?\d+$/.test(digits) ? BigInt(digits) : digits)

function parseExact(text: string, convert: (digits: string) => unknown): unknown {
  // The third argument is the source text of a primitive (ECMAScript's JSON.parse source text access).
  const reviver = (_name: string, value: unknown, context?: { source?: string }): unknown => {
    const source = context?.source
    return typeof value === 'number' && source !== undefined && !isExact(value, source) ? convert(source) : value
  }
  return JSON.parse(text, reviver as (name: string, value: unknown) => unknown)
}

/** Whether the double prints as the same decimal number that was written: `1.50` is 1.5, 0.1 is 0.1, 2^53+1 is not. */
const isExact = (value: number, source: string): boolean =>
  Number.isInteger(value) && /^-?\d+$/.test(source)
    ? Number.isSafeInteger(value)
    : digitsOf(String(value)) === digitsOf(source)

/** A decimal literal as `sign digits e exponent` without leading or trailing zeros, so that equal numbers are equal text. */
function digitsOf(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(literal) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = withoutTrailingZeros(digits)
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length)
  return significant === '' ? '0' : `${sign}${significant}e${scale}`
}

// Not /0+$/: on digits that a client chose, with long runs of zeros inside, that takes quadratic time.
function withoutTrailingZeros(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '0') end--
  return digits.slice(0, end)
}
