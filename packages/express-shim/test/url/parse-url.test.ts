import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { originOf, pathnameOf, queryOf } from '../../src/url/parse-url.ts'

// The package that Express finds the path with.
const parseurl = createRequire(createRequire(import.meta.url).resolve('express'))('parseurl') as (req: {
  url: string
}) => { pathname: string | null; query: string | null }

const read = (parts: () => unknown): unknown => {
  try {
    return parts()
  } catch (error) {
    return (error as Error).message
  }
}

describe('pathnameOf', () => {
  test.each([
    ['/a/b?c=/d', '/a/b'],
    ['/a#b?c', '/a'],
    ['/a b', '/a%20b'],
    ['//x//y', '//x//y'],
    ['http://host:80/a?b', '/a'],
    ['http://host?b', '/'],
    ['*', '*'],
    ['', null],
    ['?a=b', null],
  ])('%j has the path %j', (url, path) => expect(pathnameOf(url)).toBe(path))

  test('it is what Express routes by', () => {
    const piece = fc.constantFrom(
      '/',
      'a',
      'B',
      '.',
      '..',
      '%2F',
      '%zz',
      '?',
      '#',
      ' ',
      '\t',
      '&=',
      '~',
      '+',
      '{x}',
      '"',
      '|',
      '\u00a0',
      '\v',
      '\\',
      ':',
      '@',
      ']',
    )
    fc.assert(
      fc.property(
        fc.constantFrom('/', '/x', 'http://host/', 'https://h:8080/', 'http:', 'x:', 'http://[', '', '//', '@', 'a'),
        fc.array(piece, { maxLength: 8 }),
        (start, pieces) => {
          const url = start + pieces.join('')
          expect(read(() => [pathnameOf(url), queryOf(url)])).toEqual(
            read(() => [parseurl({ url }).pathname, parseurl({ url }).query]),
          )
        },
      ),
      { numRuns: 1000 },
    )
  })
})

test.each([undefined, null, 7, {}, 'http://[::1'])('%j is no URL', (url) => {
  for (const part of [pathnameOf, queryOf]) expect(() => part(url as never)).toThrow(TypeError)
})

describe('originOf', () => {
  test.each([
    ['/a://b', ''],
    ['http://host/a', 'http://host'],
    ['https://host:1/a?b', 'https://host:1'],
    ['*', ''],
    ['', ''],
    [undefined, ''],
    ['a?b=http://x/', ''],
    [7, ''],
  ])('%j has the origin %j', (url, origin) => expect(originOf(url as never)).toBe(origin))
})
