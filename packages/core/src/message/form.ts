import { BadRequestError } from './errors.ts'
import { trimOws } from './grammar.ts'
import { addField, type FormRecord } from './query.ts'

/** A file of a multipart form, whole. */
export interface FormFile {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

const headersEnd = Buffer.from('\r\n\r\n')

/**
 * Parses a multipart/form-data body (RFC 7578): fields as text, files as their exact bytes.
 * @throws HttpError 400 if the boundary, the name of a part or the end of the form is missing.
 */
export function parseMultipart(bytes: Buffer, contentType: string): FormRecord<string | FormFile> {
  const boundary = parameter(contentType, 'boundary')
  if (!boundary) throw new BadRequestError('The multipart form has no boundary in its content-type')
  const fields: FormRecord<string | FormFile> = Object.create(null)
  for (const part of parts(bytes, boundary)) addPart(fields, part)
  return fields
}

function* parts(bytes: Buffer, boundary: string): Generator<Buffer> {
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  let start = firstPart(bytes, delimiter)
  while (bytes.toString('latin1', start, start + 2) !== '--') {
    const end = bytes.indexOf(delimiter, start)
    if (end === -1) throw new BadRequestError('The multipart form is cut off')
    yield bytes.subarray(start, end)
    start = end + delimiter.length
  }
}

// A delimiter begins with a line break (RFC 2046, section 5.1.1), but the first one may stand at the very start.
function firstPart(bytes: Buffer, delimiter: Buffer): number {
  const dashes = delimiter.subarray(2)
  if (bytes.subarray(0, dashes.length).equals(dashes)) return dashes.length
  const at = bytes.indexOf(delimiter)
  if (at === -1) throw new BadRequestError('The multipart form lacks its boundary')
  return at + delimiter.length
}

function addPart(fields: FormRecord<string | FormFile>, part: Buffer): void {
  const headEnd = part.indexOf(headersEnd)
  const head = headEnd === -1 ? '' : part.toString('utf8', 0, headEnd)
  const disposition = headerOf(head, 'content-disposition')
  const name = parameter(disposition, 'name')
  if (name === undefined) throw new BadRequestError('A part of the multipart form has no name')
  const bytes = part.subarray(headEnd + headersEnd.length)
  const filename = parameter(disposition, 'filename')
  if (filename === undefined) addField(fields, name, bytes.toString('utf8'))
  else
    addField(fields, name, {
      name: filename,
      type: headerOf(head, 'content-type') || 'application/octet-stream',
      bytes,
    })
}

function headerOf(head: string, name: string): string {
  const line = head.split('\r\n').find((field) => field.toLowerCase().startsWith(`${name}:`))
  return trimOws(line?.slice(name.length + 1) ?? '')
}

// One parameter: a name, and a value that is quoted or goes on to the next semicolon. Sticky, so that nothing is skipped and
// nothing inside quotes is read as a parameter of its own.
const oneParameter = /[ \t]*;[ \t]*(?:([^;="\s]+)=(?:"((?:[^"\\]|\\.)*)"|([^;"]*)))?/y

/**
 * A parameter of a header such as `form-data; name="a"`; the first counts if there are several of that name. A quote in a
 * value is `%22` from browsers and `\"` from others; any other backslash is part of the value.
 * @throws HttpError 400 if the parameters are malformed.
 */
function parameter(header: string, name: string): string | undefined {
  let value: string | undefined
  let at = header.search(/[;"]|$/)
  while (at < header.length) {
    oneParameter.lastIndex = at
    const [all, key, quoted, bare] = oneParameter.exec(header) ?? []
    if (all === undefined) throw new BadRequestError(`A header of the multipart form is malformed: ${header}`)
    if (key?.toLowerCase() === name)
      value ??= quoted?.replace(/\\(["\\])/g, '$1').replaceAll('%22', '"') ?? trimOws(bare!)
    at += all.length
  }
  return value
}
