// One of each is enough, as nothing here waits.
const schedule = new Int32Array(80)
const state = new Int32Array(5)

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** SHA-1 (FIPS 180-4) in base64, without its padding. For entity tags only: it protects nothing. */
export function sha1(bytes: ArrayLike<number>): string {
  const { length } = bytes
  state[0] = 0x67452301
  state[1] = 0xefcdab89
  state[2] = 0x98badcfe
  state[3] = 0x10325476
  state[4] = 0xc3d2e1f0
  const end = ((length + 8) >> 6) << 6
  for (let start = 0; start <= end; start += 64) {
    loadBlock(bytes, start)
    if (start === end) {
      schedule[14] = Math.floor(length / 0x20000000)
      schedule[15] = length << 3
    }
    addBlock()
  }
  return toBase64()
}

/** Sixteen big-endian words of the message, its end mark and the zeros behind it. */
function loadBlock(bytes: ArrayLike<number>, start: number): void {
  const { length } = bytes
  for (let index = 0, at = start; index < 16; index++, at += 4) {
    if (at + 4 <= length) {
      schedule[index] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
    } else {
      let word = 0
      for (let part = 0; part < 4; part++) word = (word << 8) | byteAt(bytes, at + part)
      schedule[index] = word
    }
  }
}

const byteAt = (bytes: ArrayLike<number>, at: number): number =>
  at < bytes.length ? bytes[at]! : at === bytes.length ? 0x80 : 0

function addBlock(): void {
  const words = schedule
  for (let round = 16; round < 80; round++) {
    const mixed = words[round - 3]! ^ words[round - 8]! ^ words[round - 14]! ^ words[round - 16]!
    words[round] = (mixed << 1) | (mixed >>> 31)
  }
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  for (let round = 0; round < 80; round++) {
    // The function and the constant of a round: FIPS 180-4, sections 4.1.1 and 4.2.1.
    const mix =
      round < 20
        ? ((b & c) | (~b & d)) + 0x5a827999
        : round < 40
          ? (b ^ c ^ d) + 0x6ed9eba1
          : round < 60
            ? ((b & c) | (b & d) | (c & d)) - 0x70e44324
            : (b ^ c ^ d) - 0x359d3e2a
    const next = (((a << 5) | (a >>> 27)) + e + words[round]! + mix) | 0
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

function toBase64(): string {
  let text = ''
  let bits = 0
  let held = 0
  for (let index = 0; index < 5; index++) {
    const word = state[index]!
    for (let shift = 24; shift >= 0; shift -= 8) {
      held = (held << 8) | ((word >>> shift) & 255)
      bits += 8
      while (bits >= 6) {
        bits -= 6
        text += alphabet[(held >>> bits) & 63]
      }
    }
  }
  return text + alphabet[(held << (6 - bits)) & 63]
}
