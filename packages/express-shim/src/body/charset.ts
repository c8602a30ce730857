/** The text of bytes; `undefined` if they hold what Node's decoder reads otherwise than Express would. */
export type Decode = (bytes: Uint8Array) => string | undefined

type Buffered = (bytes: Buffer) => string

// The names of charsets that Buffer reads, without the dashes.
const LATIN1 = /^(latin1|l1|(cp|csiso)?(latin1|819)|ibm819|(iso|cp|)(88591|28591)|isoir100|binary)$/
const ASCII = /^(ascii|usascii|us|ascii8bit|ansix34(1968|1986)?|csascii|(cp|ibm)367|isoir6|iso646us|iso646irv)$/

/**
 * A function that reads text in a charset, or `undefined` if the charset is not known. Beyond Unicode these are the charsets of
 * the WHATWG's Encoding Standard, by the names that mail and browsers use. What Express reads otherwise is not read at all, so
 * that a text never has other characters than there. A byte order mark is left out.
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
    if (decoder) return (bytes) => readStandard(decoder, bytes, name)
  }
  return undefined
}

/** The same bytes as a Buffer, text in UTF-8. */
export function toBuffer(body: string | Uint8Array): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

/** The text without the byte order mark that may begin it. */
export const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
const readUtf8 = (bytes: Uint8Array): string => withoutMark(toBuffer(bytes).toString())

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

/** By the byte order mark, or by where the zeros of ASCII characters stand; little-endian if neither says it. */
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

/** Whether a text that Node's decoder read has characters that stand for other ones in iconv-lite's tables. */
type Doubt = (text: string, bytes: Uint8Array) => boolean

// Found by a comparison of both for all bytes, pairs and, in EUC-JP, triples, which the tests repeat.
const GBK = /[\u9fb4-\u9fbb\ufe10-\ufe19]/
const CP936 = /[\u01f9\u1e3f\u2e80-\u2fff\u303e\u3400-\u4dff\u9fb4-\u9fbb\ue000-\uf8ff\ufe10-\ufe19]/
const doubts: Record<string, Doubt> = {
  'koi8-u': (text) => /[Ўў]/.test(text),
  macintosh: (text) => /[Ω€\uf8ff]/.test(text),
  'euc-kr': (text) => /[\x80-\x9f\ue000-\uf8ff]/.test(text),
  shift_jis: (text) => /[\x1a\x1c\x7f\ue000-\uf8ff]/.test(text),
  big5: (text) => /[\x80▓\ue000-\uf8ff]/.test(text),
  // The characters of the second expression are in doubt only in three bytes, which begin with 8f.
  'euc-jp': (text, bytes) =>
    /[\x80-\x9f¢£¬]/.test(text) || (bytes.includes(0x8f) && /[\u2160-\u2179\u3231]/.test(text)),
  gb18030: (text) => GBK.test(text),
  gbk: (text, bytes) => GBK.test(text) || hasPair(bytes, beginsFour),
  cp936: (text, bytes) =>
    CP936.test(text) || hasPair(bytes, (pair) => beginsFour(pair) || pair === 0xa2e3 || pair === 0xa3a0),
}

function hasPair(bytes: Uint8Array, isWanted: (pair: number) => boolean): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! > 0x80 && isWanted((bytes[at]! << 8) | bytes[++at]!)) return true
  }
  return false
}

/** Characters of four bytes are GB 18030's, which the Encoding Standard reads in GBK too. */
const beginsFour = (pair: number): boolean => (pair & 0xff) < 0x40

/** Malformed bytes in a charset of several are not read at all: iconv-lite and Node go on behind them at different places. */
function readStandard(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, name: string): string | undefined {
  const { encoding } = decoder
  if (encoding.startsWith('windows-')) return readWindows(decoder.decode(bytes), bytes, name)
  // GB 2312 is Windows' code page 936 to iconv-lite, and GBK to the Encoding Standard.
  const isDoubtful = doubts[encoding === 'gbk' && !name.includes('gbk') ? 'cp936' : encoding]
  if (!isDoubtful) return decoder.decode(bytes)
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return isDoubtful(text, bytes) ? undefined : text
  } catch {
    return undefined
  }
}

/**
 * The Encoding Standard reads bytes that a Windows code page leaves undefined as control characters, and takes ISO-8859-9 and
 * -11 for the code pages that extend them; here the first become U+FFFD and the others their control characters.
 */
function readWindows(text: string, bytes: Uint8Array, name: string): string {
  if (name.includes('12') || name.includes('874')) return text.replace(/[\x80-\x9f]/g, '\ufffd')
  return text.replace(/[\s\S]/g, (character, at) =>
    bytes[at]! >> 5 === 4 ? String.fromCharCode(bytes[at]!) : character,
  )
}
