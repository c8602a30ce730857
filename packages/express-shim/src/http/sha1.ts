// One of each is enough, as nothing here waits.
const words = new Int32Array(80)
const state = new Int32Array(5)

/** SHA-1 (FIPS 180-4) in base64, without its padding. For entity tags only: it protects nothing. */
export function sha1(message: string | Uint8Array, length: number): string {
  // The message, its end mark, zeros, and its length in bits, in whole blocks of 64 bytes.
  const padded = Buffer.alloc((((length + 8) >> 6) + 1) << 6)
  if (typeof message === 'string') padded.write(message)
  else padded.set(message)
  padded[length] = 0x80
  padded.writeUIntBE(length * 8, padded.length - 6, 6)
  state.set([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  for (let start = 0; start < padded.length; start += 64) addBlock(padded, start)
  for (let index = 0; index < 5; index++) padded.writeInt32BE(state[index]!, 4 * index)
  return padded.toString('base64', 0, 20).slice(0, 27)
}

function addBlock(bytes: Buffer, start: number): void {
  for (let round = 0; round < 16; round++) words[round] = bytes.readInt32BE(start + 4 * round)
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
