import { toBuffer } from './bytes.ts'

export type Decode = (bytes: Uint8Array) => string

type Buffered = (bytes: Buffer) => string

// The names of charsets that Buffer reads, without the dashes.
const LATIN1 = /^(latin1|l1|(cp|csiso)?(latin1|819)|ibm819|(iso|cp|)(88591|28591)|isoir100|binary)$/
const ASCII = /^(ascii|usascii|us|ascii8bit|ansix34(1968|1986)?|csascii|(cp|ibm)367|isoir6|iso646us|iso646irv)$/

/**
 * A function that reads text in a charset, or `undefined` where it is not known. Beyond Unicode these are the charsets of the
 * WHATWG's Encoding Standard, by the names that mail and browsers use; a byte order mark is left out.
 *
 * @example decoderOf('windows-1251')?.(bytes)
 */
export function decoderOf(charset: string): Decode | undefined {
  if (charset === 'utf-8') return readUtf8
  const name = charset.toLowerCase().replace(/:\d{4}$|[^0-9a-z]/g, '')
  const buffered = bufferedOf(name)
  if (buffered) return (bytes) => withoutMark(buffered(toBuffer(bytes)))
  for (const label of [charset, name, ...otherLabels(name)]) {
    const decoder = textDecoder(label)
    if (decoder) return (bytes) => readSingleBytes(decoder.decode(bytes), bytes, decoder.encoding, name)
  }
  return undefined
}

export const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
const readUtf8: Decode = (bytes) => withoutMark(toBuffer(bytes).toString())

function bufferedOf(name: string): Buffered | undefined {
  if (name === 'utf8' || name === 'unicode11utf8') return (bytes) => bytes.toString()
  if (LATIN1.test(name)) return (bytes) => bytes.toString('latin1')
  if (ASCII.test(name)) return (bytes) => bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd')
  if (name === 'hex' || name === 'base64') return (bytes) => bytes.toString(name)
  return Object.hasOwn(unicodeReaders, name) ? unicodeReaders[name] : undefined
}

const utf16le: Buffered = (bytes) => bytes.toString('utf16le')
const utf16be: Buffered = (bytes) =>
  Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le')
const utf32le: Buffered = (bytes) => readUtf32(bytes, (at) => bytes.readUInt32LE(at))
const utf32be: Buffered = (bytes) => readUtf32(bytes, (at) => bytes.readUInt32BE(at))
const utf32: Buffered = (bytes) => (bytes[0] === 0 && bytes[1] === 0 ? utf32be : utf32le)(bytes)

const unicodeReaders: Record<string, Buffered> = {
  ucs2: utf16le,
  utf16le,
  utf16be,
  utf16: (bytes) => (isBigEndian(bytes) ? utf16be : utf16le)(bytes),
  utf32le,
  ucs4le: utf32le,
  utf32be,
  ucs4be: utf32be,
  utf32,
  ucs4: utf32,
}

/** By the byte order mark, else by where the zeros of ASCII characters stand; little-endian where neither tells. */
function isBigEndian(bytes: Buffer): boolean {
  const first = bytes.length < 2 ? 0 : bytes.readUInt16BE()
  if (first === 0xfffe || first === 0xfeff) return first === 0xfeff
  let balance = 0
  for (let at = 0; at + 1 < bytes.length && at < 200; at += 2) {
    if ((bytes[at] === 0) !== (bytes[at + 1] === 0)) balance += bytes[at] === 0 ? 1 : -1
  }
  return balance > 0
}

function readUtf32(bytes: Buffer, read: (at: number) => number): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    const point = at + 4 > bytes.length ? 0xfffd : read(at)
    text += String.fromCodePoint(point > 0x10ffff ? 0xfffd : point)
  }
  return text
}

/** Names that TextDecoder does not know but mail and forms have: `win1251`, `cp932`, `iso_8859-2:1987`, `koi8r`. */
function otherLabels(name: string): string[] {
  const page = /^(?:win|windows|cp|ms)?(125\d|874|932|936|949|950)$/.exec(name)?.[1]
  const dbcs: Record<string, string> = { 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5' }
  if (page) return [dbcs[page] ?? `windows-${page}`]
  if (name === 'latin9') return ['iso-8859-15']
  return [name.replace(/^(iso8859|koi8|euc)(?=.)/, '$1-').replace('iso', 'iso-')]
}

function textDecoder(label: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(label)
  } catch {
    return undefined
  }
}

/**
 * The Encoding Standard reads bytes that a Windows code page leaves undefined as control characters, and takes ISO-8859-9 and
 * -11 for the code pages that extend them; here the first become U+FFFD and the others their control characters.
 */
function readSingleBytes(text: string, bytes: Uint8Array, encoding: string, name: string): string {
  if (!encoding.startsWith('windows-')) return text
  if (name.includes('12') || name.includes('874')) return text.replace(/[\x80-\x9f]/g, '\ufffd')
  return text.replace(/[\s\S]/g, (character, at) =>
    bytes[at]! >> 5 === 4 ? String.fromCharCode(bytes[at]!) : character,
  )
}
