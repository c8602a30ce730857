import type FormData from 'form-data'
import type { FormPart, PartOptions, RequestSpec } from '../spec.ts'

/**
 * Adds fields: one name and value, an array of values, or an object of them.
 * @throws Error if a name or value is missing, or `.send()` has set a body
 */
export function addField(spec: RequestSpec, name: unknown, value: unknown, options?: PartOptions): void {
  if (name === null || name === undefined) throw new Error('.field(name, val) name can not be empty')
  if (spec.data) {
    throw new Error(".field() can't be used if .send() is used. Please use only .send() or only .field() & .attach()")
  }
  if (typeof name === 'object') for (const [key, one] of Object.entries(name)) addField(spec, key, one)
  else if (Array.isArray(value)) for (const one of value) addField(spec, name, one)
  else if (value === null || value === undefined) throw new Error('.field(name, val) val can not be empty')
  else spec.form.push({ name: String(name), value: typeof value === 'boolean' ? String(value) : value, options })
}

/**
 * Adds a file: a path to read, bytes, a stream, a Blob. Without a file it adds nothing.
 * @throws Error if `.send()` has set a body
 */
export function addAttachment(spec: RequestSpec, name: string, file: unknown, options?: PartOptions): void {
  if (!file) return
  if (spec.data) throw new Error("superagent can't mix .send() and .attach()")
  const given = typeof options === 'string' ? { filename: options } : { ...options }
  const filename = given.filename ?? fileNameOf(file)
  const value = typeof file === 'string' ? new FilePath(file) : file
  spec.form.push({ name, value: value as object, options: filename ? { ...given, filename } : given })
}

/** Whether this is a web `FormData`. By its tag: naming the global class loads undici. */
export function isFormData(value: unknown): value is FormDataLike {
  return Object.prototype.toString.call(value) === '[object FormData]'
}

interface FormDataLike {
  entries(): Iterable<[name: string, value: string | { name: string; type: string }]>
}

/**
 * Adds the entries of a web `FormData`.
 * @throws Error if `.send()` has set a body
 */
export function addForm(spec: RequestSpec, form: FormDataLike): void {
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') addField(spec, name, value)
    else
      addAttachment(spec, name, value, { filename: value.name, contentType: value.type || 'application/octet-stream' })
  }
}

function fileNameOf(file: unknown): string | undefined {
  if (typeof file === 'string') return file
  const { path, name } = file as { path?: unknown; name?: unknown }
  return typeof path === 'string' ? path : typeof name === 'string' ? name : undefined
}

/** The multipart body and the fields that go with it. Reads files, so it rejects with `ENOENT` and the like. */
export async function encodeForm(parts: readonly FormPart[]): Promise<{ body: Buffer; type: string }> {
  const { default: Form } = await import('form-data')
  const form = new Form()
  for (const part of parts) {
    const value = await partValue(part.value)
    if (part.options) form.append(part.name, value, part.options)
    else form.append(part.name, value)
  }
  return { body: await collect(form), type: form.getHeaders()['content-type'] }
}

async function partValue(value: unknown): Promise<unknown> {
  if (value instanceof FilePath) return openFile(value.path)
  if (isBlob(value)) return Buffer.from(await value.arrayBuffer())
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value
}

/** A file that is read when the request is sent. */
class FilePath {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }
}

/** Whether this is a `Blob` or `File`. By its method: naming the global class loads more than most test runs need. */
export function isBlob(value: unknown): value is { type: string; arrayBuffer(): Promise<ArrayBuffer> } {
  return typeof (value as { arrayBuffer?: unknown } | null | undefined)?.arrayBuffer === 'function'
}

function openFile(path: string): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    const stream = process.getBuiltinModule('node:fs').createReadStream(path)
    stream.once('error', reject).once('open', () => resolve(stream))
  })
}

function collect(form: FormData): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    form.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk as string)))
    form.on('end', () => resolve(Buffer.concat(chunks)))
    form.on('error', reject)
    form.resume()
  })
}
