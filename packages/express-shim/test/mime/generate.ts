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
const TOKENS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ~@#%^&*()=[]{}|<>?,:/"']

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

function countSubstrings(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (let length = 2; length <= 8; length++) {
    const last = new Map<string, number>()
    for (let at = 0; at + length <= text.length; at++) {
      const part = text.slice(at, at + length)
      if ((last.get(part) ?? -length) + length > at) continue
      last.set(part, at)
      counts.set(part, (counts.get(part) ?? 0) + 1)
    }
  }
  return counts
}

function mostSaving(text: string): string {
  let best = ''
  let most = 0
  for (const [part, count] of countSubstrings(text)) {
    const saved = count * (part.length - 1) - part.length - 2
    if (saved > most) {
      most = saved
      best = part
    }
  }
  return best
}

/** Gives the most frequent substrings a character each: pair replacement, as in byte-pair encoding. */
function compress(text: string): { text: string; tokens: string } {
  const tokens: string[] = []
  for (const token of TOKENS.filter((character) => !text.includes(character))) {
    const part = mostSaving(text)
    if (part === '') break
    text = text.replaceAll(part, token)
    tokens.push(token + part)
  }
  return { text, tokens: tokens.join('\n') }
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

/** The constants of `src/http/mime-table.ts` for the installed mime-db. */
export function generateMimeTable(): Record<string, string> {
  const { text, tokens } = compress(encodeLines())
  return { MIME_TOKENS: tokens, MIME_LINES: text, MIME_CHARSETS: encodeCharsets() }
}
