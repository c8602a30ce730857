import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathFault } from '../../src/doctor/express-paths.ts'
import { argumentsAt, firstArgument, lineAt, onlyCode, withoutComments } from '../../src/doctor/source-code.ts'

describe('withoutComments', () => {
  it('blanks comments, and nothing that only looks like one', () => {
    const text = [
      "const a = 'http://x' // listen(",
      'const b = /\\/\\*[/"]/.test(a) /* one',
      'two */ + `//$a`',
      'const c = 4 / 2 // 1',
    ].join('\n')
    const blank = withoutComments(text)
    expect(blank).not.toMatch(/listen|one|two|1/)
    expect(blank).toContain("'http://x'")
    expect(blank).toContain('/\\/\\*[/"]/.test(a)')
    expect(blank).toContain('`//$a`')
    expect(blank).toContain('4 / 2')
  })

  it('keeps every line where it was, whatever the text', () => {
    const piece = fc.constantFrom("'", '"', '`', '/', '*', '\\', '\n', '/*', '*/', '//', 'a', '(', '=', ' ')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('')
        for (const blank of [withoutComments(text), onlyCode(text)]) {
          expect(blank.length).toBe(text.length)
          expect(blank.split('\n').map((line) => line.length)).toEqual(text.split('\n').map((line) => line.length))
        }
      }),
    )
  })
})

it('onlyCode blanks the insides of strings', () => {
  expect(onlyCode("f('a b', `c`) // d")).toBe("f('   ', ` `)     ")
})

it('lines and arguments', () => {
  expect([lineAt('a\nb\nc', 0), lineAt('a\nb\nc', 2), lineAt('a\nb\nc', 4)]).toEqual([1, 2, 3])
  expect(argumentsAt('f(a, [b, (c)], d) + e()', 1)).toBe('a, [b, (c)], d')
  expect(argumentsAt('f(a, b', 1)).toBe('a, b')
  expect([firstArgument('a, b'), firstArgument('f(a, b), c'), firstArgument('a')]).toEqual(['a', 'f(a, b)', 'a'])
})

describe('pathFault', () => {
  it('is what path-to-regexp 8 says', async () => {
    const { match } = await import('path-to-regexp')
    const piece = fc.constantFrom(
      '/',
      'a',
      ':id',
      '*',
      '*rest',
      '?',
      '+',
      '(',
      ')',
      '{',
      '}',
      '\\',
      '.',
      '-',
      ':',
      '!',
      ':"x y"',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const path = `/${pieces.join('')}`
        if (pathFault(path) !== undefined) expect(() => match(path)).toThrow()
      }),
      { numRuns: 500 },
    )
  })

  it.each(['*', '/files/*', '/:id?', '/a+', '/:id(\\d+)', '/a(b)?', '/:', '/[ab]', '/a!'])(
    '%s has one',
    async (path) => {
      const { match } = await import('path-to-regexp')
      expect(() => match(path)).toThrow()
      expect(pathFault(path)).toBeTypeOf('string')
    },
  )

  it.each(['/', '/:id', '/files/*path', '{/:id}', '/:"a b?"', '/a\\?b', '/*"x+y"', '/a.b-:c'])(
    '%s has none',
    async (path) => {
      const { match } = await import('path-to-regexp')
      expect(match(path)).toBeTypeOf('function')
      expect(pathFault(path)).toBeUndefined()
    },
  )
})
