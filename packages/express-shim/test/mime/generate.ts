import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

interface MimeEntry {
  charset?: string
  extensions?: string[]
}

// The oracle: mime-types as Express's own `send` resolves it, and the mime-db beneath.
const fromSend = createRequire(require.resolve('send'))
const db = createRequire(fromSend.resolve('mime-types'))('mime-db') as Record<string, MimeEntry>
const { types: preferred } = fromSend('mime-types') as { types: Record<string, string> }

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** The part of a subtype that an extension most often repeats: `svg` of `image/svg+xml`, `foo` of `vnd.acme.foo`. */
const lastWord = (type: string): string => /([^./-]*?)(?:\+[^+]*)?$/.exec(type)![1]!

function encodeExtension(extension: string, type: string): string {
  const lost = preferred[extension] === type ? '' : '!'
  return ` ${lost}${extension === lastWord(type) ? '' : extension}`
}

function sharedPrefix(a: string, b: string): number {
  let length = 0
  while (length < 35 && length < a.length && a[length] === b[length]) length++
  return length
}

/** One line per type, sorted: how many characters it shares with the line before, the rest, its extensions. */
function encodeLines(): string {
  let previous = ''
  return Object.keys(db)
    .filter((type) => db[type]!.extensions?.length)
    .sort()
    .map((type) => {
      const shared = sharedPrefix(type, previous)
      previous = type
      const extensions = db[type]!.extensions!.map((extension) => encodeExtension(extension, type)).join('')
      return DIGITS[shared] + type.slice(shared) + (extensions === ' ' ? '' : extensions)
    })
    .join(';')
}

/** Types with a charset that no rule gives: `type=charset` where mime-db names another than UTF-8. */
function encodeCharsets(): string {
  return Object.keys(db)
    .filter((type) => db[type]!.charset && !type.startsWith('text/'))
    .map((type) => {
      const charset = db[type]!.charset!.toLowerCase()
      return type.replace('application/', '') + (charset === 'utf-8' ? '' : `=${charset}`)
    })
    .join(' ')
}

/** What `src/http/mime-table.ts` holds for the installed mime-db. */
export const generateMimeTable = (): { lines: string; charsets: string } => ({
  lines: encodeLines(),
  charsets: encodeCharsets(),
})
