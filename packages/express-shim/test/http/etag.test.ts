import realExpress from 'express'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { etag, weakEtag } from '../../src/http/etag.ts'

const realEtag: (body: unknown, encoding?: string) => string = realExpress().set('etag', 'strong').get('etag fn')

// Short texts again and again, which are kept, and more of them than are kept at once; long ones, and bytes.
const text = fc.oneof(
  fc.constantFrom('', 'a', 'é', '\ud800', '{"a":1}'),
  fc.integer({ max: 500, min: 0 }).map(String),
  fc.string({ minLength: 900, maxLength: 1100 }),
)

it('is what Express makes, kept or not', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          text,
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        { maxLength: 40 },
      ),
      (bodies) => {
        for (const body of bodies) {
          const expected = realEtag(body)
          expect(etag(body)).toBe(expected)
          expect(weakEtag(body)).toBe(`W/${expected}`)
        }
      },
    ),
    { numRuns: 300 },
  )
})

it('goes by the bytes of the encoding', () => {
  expect(etag('é', 'latin1')).toBe(realEtag('é', 'latin1'))
  expect(etag('é', 'utf8')).toBe(realEtag('é', 'utf8'))
})
