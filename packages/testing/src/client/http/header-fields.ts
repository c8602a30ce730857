/** Request fields in the order last set, by lower-case name, each with the case it was set in. */
export type HeaderFields = Map<string, { name: string; value: HeaderValue }>

/** What `.set()` takes: a number is sent as its text, an array as one line for each element. */
export type HeaderValue = string | number | readonly string[]

// Node joins repeated lines. Of these fields it takes only the first line.
// https://nodejs.org/api/http.html#messageheaders
const SINGLE = new Set(
  (
    'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since ' +
    'last-modified location max-forwards proxy-authorization referer retry-after server user-agent'
  ).split(' '),
)

/** Response fields as Node's `IncomingMessage.headers` presents them: `set-cookie` an array, others joined. */
export type ResponseHeaders = { 'set-cookie'?: string[] } & Record<string, string>

/**
 * A plain object, not one without prototype: tests written for supertest call `res.headers.hasOwnProperty` and
 * `res.headers.should`. `__proto__` is still a name like any other, as fields are defined, not assigned.
 */
export function toResponseHeaders(lines: readonly (readonly [string, string])[]): ResponseHeaders {
  const headers = {} as ResponseHeaders
  for (const [name, value] of lines) addLine(headers as Record<string, string | string[]>, name.toLowerCase(), value)
  return headers
}

function addLine(headers: Record<string, string | string[]>, name: string, value: string): void {
  const present = Object.hasOwn(headers, name) ? headers[name] : undefined
  if (name === 'set-cookie') {
    if (present) (present as string[]).push(value)
    else headers[name] = [value]
  } else if (present === undefined) define(headers, name, value)
  else if (!SINGLE.has(name)) headers[name] = `${present}${name === 'cookie' ? '; ' : ', '}${value}`
}

function define(headers: Record<string, string | string[]>, name: string, value: string): void {
  if (name !== '__proto__') headers[name] = value
  else Object.defineProperty(headers, name, { value, enumerable: true, writable: true, configurable: true })
}

/** The field of that name, whatever its case. */
export function headerOf(lines: readonly (readonly [string, string])[], name: string): string | undefined {
  return lines.find(([field]) => field.toLowerCase() === name)?.[1]
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const INVALID_VALUE = /[^\t\x20-\x7e\x80-\xff]/

/**
 * The lines of one field.
 * @throws TypeError, in Node's words, for what Node would refuse to send.
 */
export function toLines(name: string, value: unknown): [string, string][] {
  if (!TOKEN.test(name)) {
    throw invalid('ERR_INVALID_HTTP_TOKEN', `Header name must be a valid HTTP token ["${name}"]`)
  }
  const values = Array.isArray(value) ? value : [value]
  return values.map((one) => [name, checkedValue(name, one)])
}

function checkedValue(name: string, value: unknown): string {
  if (value === undefined) {
    throw invalid('ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "undefined" for header "${name}"`)
  }
  const text = String(value)
  if (INVALID_VALUE.test(text)) throw invalid('ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`)
  return text
}

function invalid(code: string, message: string): TypeError {
  return Object.assign(new TypeError(message), { code })
}
