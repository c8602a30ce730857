import { quotedWhereNeeded } from './media-type.ts'

const ASCII = /^[\x20-\x7e]*$/
const ESCAPE = /%[0-9A-Fa-f]{2}/

/** `Content-Disposition: attachment`, with the file's name in the forms that old and new clients read (RFC 6266). */
export function attachment(filename?: string): string {
  if (filename === undefined) return 'attachment'
  if (ASCII.test(filename) && !ESCAPE.test(filename)) return `attachment; filename=${quotedWhereNeeded(filename)}`
  const ascii = filename.replace(/[^\x20-\x7e]/g, '?')
  return `attachment; filename=${quotedWhereNeeded(ascii)}; filename*=${extended(filename)}`
}

/** RFC 8187: UTF-8, percent-encoded but for what `attr-char` allows. */
function extended(text: string): string {
  const encoded = encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `UTF-8''${encoded}`
}
