import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeUrl } from '../../src/url/encode-url.ts'

// The package that Express itself encodes with, found from where Express is.
const oracle = createRequire(createRequire(import.meta.url).resolve('express'))('encodeurl') as (url: string) => string

test.each([
  ['/a b', '/a%20b'],
  ['/%zz', '/%25zz'],
  ['/%20', '/%20'],
  ['/\ud800', '/%EF%BF%BD'],
  ['/☃?q=é', '/%E2%98%83?q=%C3%A9'],
])('%j becomes %j', (url, encoded) => expect(encodeUrl(url)).toBe(encoded))

test('any text becomes what Express makes of it', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('%', '%2', '%2F', '\ud83d', '\ude00', '"', '|', '^', '\\'),
  )
  fc.assert(
    fc.property(fc.array(unit), (parts) => {
      const url = parts.join('')
      expect(encodeUrl(url)).toBe(oracle(url))
    }),
    { numRuns: 500 },
  )
})
