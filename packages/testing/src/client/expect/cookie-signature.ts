/** The value of a cookie signed as `cookie-signature` does (`value.mac`), or `false` where the MAC is another. */
export function unsign(signed: string, secret: string): string | false {
  const { createHmac, timingSafeEqual } = process.getBuiltinModule('node:crypto')
  const value = signed.slice(0, Math.max(signed.lastIndexOf('.'), 0))
  const mac = createHmac('sha256', secret).update(value).digest('base64').replace(/=+$/, '')
  const expected = Buffer.from(`${value}.${mac}`)
  const actual = Buffer.from(signed)
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? value : false
}
