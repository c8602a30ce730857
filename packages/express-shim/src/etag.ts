// A hash in JavaScript costs about 6 µs for each KB, node:crypto 5 ms once: bodies this small are hashed here, so many times.
const SMALL = 2048
const FEW = 64

let hashed = 0

/** A strong entity tag, as Express makes it: the length in hexadecimal and the body's SHA-1. */
export function etag(body: string | Uint8Array, encoding?: BufferEncoding): string {
  const content =
    typeof body === 'string' && encoding && !/^utf-?8$/i.test(encoding) ? Buffer.from(body, encoding) : body
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
  return `"${length.toString(16)}-${digest(content, length)}"`
}

/** The same as a weak tag: Express's default. */
export function weakEtag(body: string | Uint8Array, encoding?: BufferEncoding): string {
  return `W/${etag(body, encoding)}`
}

function digest(body: string | Uint8Array, length: number): string {
  if (length > SMALL || hashed >= FEW) {
    return process.getBuiltinModule('node:crypto').hash('sha1', body, 'base64').slice(0, 27)
  }
  hashed++
  return sha1(typeof body === 'string' ? Buffer.from(body) : body).slice(0, 27)
}

/** SHA-1 (FIPS 180-4) in base64; for entity tags only. */
export function sha1(bytes: Uint8Array): string {
  const words = padded(bytes)
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  const schedule = new Int32Array(80)
  for (let block = 0; block < words.length; block += 16) addBlock(state, schedule, words, block)
  const result = Buffer.allocUnsafe(20)
  for (let index = 0; index < 5; index++) result.writeInt32BE(state[index]!, index * 4)
  return result.toString('base64')
}

/** The message as big-endian words, with the end mark and the length in bits. */
function padded(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(((bytes.length + 8) >> 6) * 16 + 16)
  for (let index = 0; index < bytes.length; index++) words[index >> 2]! |= bytes[index]! << (24 - (index & 3) * 8)
  words[bytes.length >> 2]! |= 0x80 << (24 - (bytes.length & 3) * 8)
  words[words.length - 2] = Math.floor(bytes.length / 0x20000000)
  words[words.length - 1] = bytes.length << 3
  return words
}

function addBlock(state: Int32Array, schedule: Int32Array, words: Int32Array, block: number): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  for (let round = 0; round < 80; round++) {
    if (round < 16) schedule[round] = words[block + round]!
    else {
      const mixed = schedule[round - 3]! ^ schedule[round - 8]! ^ schedule[round - 14]! ^ schedule[round - 16]!
      schedule[round] = (mixed << 1) | (mixed >>> 31)
    }
    const next = (((a << 5) | (a >>> 27)) + e + schedule[round]! + choose(round, b, c, d)) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
}

/** The function and the constant of a round (FIPS 180-4, sections 4.1.1 and 4.2.1). */
function choose(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
  return (b ^ c ^ d) + 0xca62c1d6
}
