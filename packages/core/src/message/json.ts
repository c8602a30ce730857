import { BadRequestError } from './errors.ts'

/** How an application writes and reads JSON. */
export interface JsonOptions {
  /** How a BigInt is written: as a string, or as a JSON number with all its digits. Default `'string'`. */
  readonly bigint?: 'string' | 'number'
  /** Replaces `JSON.stringify` for answers. */
  readonly stringify?: (value: unknown) => string
  /**
   * What becomes of a number in a request body which a double cannot hold exactly. `'double'` (the default) rounds as
   * `JSON.parse` does; `'exact'` gives a BigInt for an integer and the digits as a string else; a function gets the digits.
   * @example createApp({ json: { numbers: (digits) => new Decimal(digits) } })
   */
  readonly numbers?: 'double' | 'exact' | ((digits: string) => unknown)
}

export interface Json {
  /** @throws TypeError where the value is not JSON: a cycle, a function, `undefined`. */
  readonly stringify: (value: unknown) => string
  /** @throws HttpError 400 where the text is not JSON. */
  readonly parse: (text: string) => unknown
}

/** Settles {@link JsonOptions} once. Decimals (decimal.js, big.js) write themselves as strings, by their own `toJSON`. */
export function createJson(options: JsonOptions = {}): Json {
  const { bigint = 'string', numbers = 'double' } = options
  return {
    stringify: options.stringify ?? ((value) => stringify(value, bigint)),
    parse: (text) => parse(text, numbers),
  }
}

function stringify(value: unknown, bigint: 'string' | 'number'): string {
  const text = encode(value, bigint)
  if (text === undefined) throw new TypeError(`${typeof value} has no JSON form`)
  return text
}

// A replacer makes JSON.stringify several times slower, so only a value that has a BigInt in it pays for one.
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
  try {
    return numbers === 'double' ? JSON.parse(text) : parseExact(text, numbers === 'exact' ? exactNumber : numbers)
  } catch (cause) {
    if (!(cause instanceof SyntaxError || isTooDeep(cause))) throw cause
    throw new BadRequestError(`The request body is not valid JSON: ${cause.message}`, { cause })
  }
}

// JSON.parse goes as deep as the text does; with a reviver, as deep as the stack.
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
