import { remember } from '@expressway/core/base'
import { getBuiltinModule } from '../builtin.ts'
import { MIME_CHARSETS, MIME_LINES } from './mime-table.ts'

interface MimeTable {
  readonly types: Map<string, string>
  readonly extensions: Map<string, string>
}

// What nearly every application asks for: to read the whole table for a stylesheet would take milliseconds.
const COMMON =
  'html text/html,css text/css,js text/javascript,mjs text/javascript,json application/json,' +
  'map application/json,txt text/plain,text text/plain,xml application/xml,svg image/svg+xml,' +
  'png image/png,jpg image/jpeg,jpeg image/jpeg,gif image/gif,webp image/webp,avif image/avif,' +
  'ico image/vnd.microsoft.icon,woff font/woff,woff2 font/woff2,ttf font/ttf,pdf application/pdf,' +
  'mp4 video/mp4,bin application/octet-stream,csv text/csv,zip application/zip,wasm application/wasm'

let commonTypes: Map<string, string> | undefined
let table: MimeTable | undefined
let charsets: Map<string, string> | undefined

/**
 * The media type for a file name, a path or a bare extension, or `false`: what Express and `send` use.
 * The table is mime-db's, IANA's registry first.
 *
 * @example mimeType('photos/cat.JPG') // 'image/jpeg'
 */
export function mimeType(path: string): string | false {
  if (typeof path !== 'string' || path === '') return false
  commonTypes ??= new Map(COMMON.split(',').map((entry) => entry.split(' ') as [extension: string, type: string]))
  const { extname } = getBuiltinModule('node:path')
  const extension = extname(`x.${path}`).toLowerCase().slice(1)
  return extension !== '' && (commonTypes.get(extension) ?? loadTable().types.get(extension) ?? false)
}

/**
 * The `Content-Type` value for an extension or a media type, with the charset that Express adds: `utf-8` for `text/*`
 * and for the types that are registered with one.
 *
 * @example contentType('json') // 'application/json; charset=utf-8'
 */
export const contentType = remember((typeOrExtension: string): string | false => {
  if (typeof typeOrExtension !== 'string') return false
  const type = typeOrExtension.includes('/') ? typeOrExtension : mimeType(typeOrExtension)
  if (type === false || type.includes('charset')) return type
  const found = charset(type)
  return found === false ? type : `${type}; charset=${found}`
}, 100)

/**
 * The usual extension of a media type, without its dot, or `false`.
 *
 * @example extension('text/html; charset=utf-8') // 'html'
 */
export function extension(type: string): string | false {
  return typeof type === 'string' && (loadTable().extensions.get(essence(type)) ?? false)
}

/** The charset that a media type has by default, in lower case, or `false`. */
export function charset(type: string): string | false {
  const name = essence(type)
  if (name.startsWith('text/')) return 'utf-8'
  charsets ??= new Map(MIME_CHARSETS.split(' ').map((entry) => charsetEntry(entry)))
  return charsets.get(name) ?? false
}

const charsetEntry = (entry: string): [string, string] => {
  const [type, name = 'utf-8'] = entry.split('=')
  return [`application/${type}`, name]
}

/** `Text/HTML; charset=utf-8` → `text/html`. */
const essence = (type: string): string => /^\s*([^;\s]*)/.exec(type)![1]!.toLowerCase()

function loadTable(): MimeTable {
  return (table ??= parseTable(readLines()))
}

/** The unpacked lines of the table: see {@link parseTable}. */
export function readLines(): string {
  return getBuiltinModule('node:zlib').brotliDecompressSync(Buffer.from(MIME_LINES, 'base64')).toString()
}

/** Lines of: a digit (base 36) of characters shared with the type before, the rest, then extensions. */
function parseTable(text: string): MimeTable {
  const types = new Map<string, string>()
  const extensions = new Map<string, string>()
  let type = ''
  for (const line of text.split(';')) {
    const names = line.split(' ')
    const head = names.shift()!
    type = type.slice(0, Number.parseInt(head[0]!, 36)) + head.slice(1)
    if (names.length === 0) names.push('')
    for (let name of names) {
      // `!`: another type is the preferred one of this extension. A name left out is the last word of the type.
      const lost = name[0] === '!'
      name = (lost ? name.slice(1) : name) || lastWord(type)
      if (!lost) types.set(name, type)
      if (!extensions.has(type)) extensions.set(type, name)
    }
  }
  return { types, extensions }
}

/** `svg` of `image/svg+xml`, `foo` of `application/vnd.acme.foo`. */
function lastWord(type: string): string {
  const plus = type.lastIndexOf('+')
  const end = plus < 0 ? type.length : plus
  return type.slice(Math.max(type.lastIndexOf('.', end), type.lastIndexOf('/'), type.lastIndexOf('-', end)) + 1, end)
}
