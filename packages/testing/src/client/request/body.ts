import { isJson, toMediaType } from '../http/media-type.ts'
import { stringifyQuery } from '../http/query-string.ts'
import type { RequestSpec } from '../spec.ts'
import { addForm, isBlob, isFormData } from './form.ts'

/**
 * Adds one `.send()` to what was sent before: objects merge, strings join, a form adds its fields, anything else replaces.
 * @throws Error if the parts cannot be one body
 */
export function addData(spec: RequestSpec, given: unknown): void {
  if (isFormData(given)) {
    addForm(spec, given)
    return
  }
  const data = toData(given)
  if (spec.form.length > 0) {
    throw new Error(
      ".send() can't be used if .attach() or .field() is used. Please use only .send() or only .field() & .attach()",
    )
  }
  if (typeof data === 'bigint') throw new Error('Cannot send value of type BigInt')
  if (data && spec.data && Buffer.isBuffer(spec.data)) throw new Error("Can't merge these send calls")
  if (typeof data === 'string') addText(spec, data)
  else if (isPlain(data)) addObject(spec, data)
  else {
    if (isBlob(data) && data.type) setDefaultType(spec, data.type)
    spec.data = data
  }
}

function toData(given: unknown): unknown {
  if (given instanceof URLSearchParams) return String(given)
  return given instanceof Uint8Array && !Buffer.isBuffer(given) ? Buffer.from(given) : given
}

function isPlain(data: unknown): data is object {
  return typeof data === 'object' && data !== null && !Buffer.isBuffer(data) && !isStream(data) && !isBlob(data)
}

// A stream has no JSON; it is refused when the request is sent.
function isStream(data: object): boolean {
  return typeof (data as { pipe?: unknown }).pipe === 'function'
}

function addObject(spec: RequestSpec, data: object): void {
  const target = isPlain(spec.data) ? spec.data : spec.data ? undefined : Array.isArray(data) ? [] : {}
  if (target) {
    for (const [name, value] of Object.entries(data)) mergeMember(target, name, value)
  }
  spec.data = target ?? data
  setDefaultType(spec, 'json')
}

function mergeMember(target: object, name: string, value: unknown): void {
  if (typeof value === 'bigint' && !('toJSON' in BigInt.prototype)) {
    throw new Error('Cannot serialize BigInt value to json')
  }
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })
}

function addText(spec: RequestSpec, text: string): void {
  setDefaultType(spec, 'form')
  const type = String(spec.headers.get('content-type')?.value).toLowerCase().trim()
  const isForm = type === 'application/x-www-form-urlencoded'
  spec.data = spec.data ? `${spec.data}${isForm ? '&' : ''}${text}` : text
}

function setDefaultType(spec: RequestSpec, type: string): void {
  if (spec.headers.get('content-type')?.value) return
  spec.headers.delete('content-type')
  spec.headers.set('content-type', { name: 'Content-Type', value: toMediaType(type) })
}

/**
 * The bytes of what `.send()` gathered, by the content type; `undefined` if there is nothing to send.
 * @throws TypeError for a value that has no bytes, such as a number without a type
 */
export async function serializeData(spec: RequestSpec): Promise<Buffer | undefined> {
  const data = typeof spec.data === 'string' ? spec.data : await serialized(spec)
  if (!data) return undefined
  if (Buffer.isBuffer(data)) return data
  if (isBlob(data)) return Buffer.from(await data.arrayBuffer())
  if (typeof data === 'string') return Buffer.from(data)
  throw new TypeError(
    `Cannot send ${Object.prototype.toString.call(data)} without a serializer for its type. ` +
      'Set a Content-Type of JSON or form, use .serialize(fn), or send a string or a Buffer.',
  )
}

function serialized(spec: RequestSpec): unknown {
  if (spec.serializer) return spec.serializer(spec.data as never)
  const type = String(spec.headers.get('content-type')?.value ?? '').split(';')[0]
  if (type === 'application/x-www-form-urlencoded') return stringifyQuery((spec.data ?? {}) as object)
  if (isBlob(spec.data)) return spec.data
  return isJson(type) || type === 'application/csp-report' ? stringifyJson(spec.data) : spec.data
}

/** JSON, with `"[Circular]"` in place of an object that contains itself, as superagent writes it. */
export function stringifyJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof TypeError) || !/circular/i.test(error.message)) throw error
    return stringifyCircular(value)
  }
}

function stringifyCircular(value: unknown): string {
  const ancestors: unknown[] = []
  return JSON.stringify(value, function (this: unknown, _name, member: unknown) {
    if (typeof member !== 'object' || member === null) return member
    while (ancestors.length > 0 && ancestors.at(-1) !== this) ancestors.pop()
    if (ancestors.includes(member)) return '[Circular]'
    ancestors.push(member)
    return member
  })
}
