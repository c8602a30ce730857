import { parametersOf } from '../../http/media-type.ts'
import type { ParsedBody } from './parsed-body.ts'

/** A file that came in a multipart response. */
export interface ResponseFile {
  originalFilename: string
  mimetype: string | null
  size: number
  buffer: Buffer
}

interface Part {
  headers: Record<string, string>
  content: Buffer
}

/**
 * Parts by name (RFC 7578): fields become the body, files `res.files`; a name that stands once is not in an array.
 * @throws Error if the boundary is missing
 */
export function parseMultipart(bytes: Buffer, contentType: string): ParsedBody {
  const boundary = parametersOf(contentType).boundary?.replace(/^"(.*)"$/, '$1')
  if (!boundary) throw new Error(`A multipart response needs a boundary, this one has none: ${contentType}`)
  const body: Record<string, unknown> = {}
  const files: Record<string, unknown> = {}
  for (const part of partsOf(bytes, boundary)) {
    const disposition = parameters(part.headers['content-disposition'] ?? '')
    if (disposition.filename !== undefined) add(files, disposition.name ?? '', toFile(part, disposition.filename))
    else add(body, disposition.name ?? '', part.content.toString())
  }
  return { body, files }
}

function toFile({ headers, content }: Part, originalFilename: string): ResponseFile {
  return { originalFilename, mimetype: headers['content-type'] ?? null, size: content.length, buffer: content }
}

function* partsOf(bytes: Buffer, boundary: string): Generator<Part> {
  const mark = Buffer.from(`\r\n--${boundary}`)
  const whole = Buffer.concat([Buffer.from('\r\n'), bytes])
  let start = whole.indexOf(mark)
  while (start >= 0) {
    const begin = start + mark.length
    const end = whole.indexOf(mark, begin)
    if (end < 0 || whole.toString('latin1', begin, begin + 2) === '--') return
    yield toPart(whole.subarray(begin, end))
    start = end
  }
}

function toPart(section: Buffer): Part {
  const split = section.indexOf('\r\n\r\n')
  const head = section.toString('utf8', 0, split).trim()
  const headers: Record<string, string> = Object.create(null)
  for (const line of head.split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    headers[name.toLowerCase()] = value
  }
  return { headers, content: section.subarray(split + 4) }
}

/** Quoted or bare parameters of a `Content-Disposition`. */
function parameters(disposition: string): Record<string, string | undefined> {
  const found: Record<string, string> = Object.create(null)
  for (const [, name, quoted, bare] of disposition.matchAll(/;\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    found[name!.toLowerCase()] = quoted?.replace(/\\(["\\])/g, '$1').replaceAll('%22', '"') ?? bare!
  }
  return found
}

function add(record: Record<string, unknown>, name: string, value: unknown): void {
  const present = Object.hasOwn(record, name) ? record[name] : undefined
  const next = present === undefined ? value : [present, value].flat()
  Object.defineProperty(record, name, { value: next, enumerable: true, writable: true, configurable: true })
}
