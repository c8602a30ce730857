import { match } from 'path-to-regexp'
import { describe, expect, test } from 'vitest'
import { compilePath, explainPathError, PathIndex } from '../src/router/path-index.ts'

function thrown(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('did not throw')
}

const invalid = [
  '*',
  '/a/*',
  '/:id?',
  '/(a)',
  '/[a]',
  '/a+',
  '/a!',
  '/:',
  '/{a',
  '/a}',
  '/:a:b',
  '/:"a',
  '/\\',
  '/:a{:b}',
  '/{a}'.repeat(9),
]

describe('an invalid pattern', () => {
  test.each(invalid)('%s throws what path-to-regexp throws, when it is registered', (path) => {
    const expected = thrown(() => match(path))
    const error = thrown(() => new PathIndex().add(path, 1))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe(expected.message)
    expect(error).toHaveProperty('originalPath', path)
    expect(thrown(() => compilePath(['/valid', path])).message).toBe(expected.message)
  })

  test('is no entry', () => {
    const router = new PathIndex<number>()
    expect(() => router.add(['/a', '/*'], 1)).toThrow(TypeError)
    router.add('/a', 2)
    expect(router.size).toBe(1)
    expect(router.matches('/a').map(({ value }) => value)).toEqual([2])
    expect(router.candidates('/a')).toEqual([0])
  })
})

describe('the explanation', () => {
  test('names the path, the reason and what Express 4 wrote', () => {
    const cause = thrown(() => compilePath('/files/*'))
    const error = explainPathError('/files/*', cause)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.cause).toBe(cause)
    expect(error.message).toContain("Invalid path '/files/*': Missing parameter name at index 8")
    for (const hint of ["'*splat'", "'{/:id}'", '( ) [ ] + ? !']) expect(error.message).toContain(hint)
  })

  test.each([
    [['/a', ['/*', /b/]], "['/a', ['/*', /b/]]"],
    [undefined, 'undefined'],
    [Symbol('path'), 'Symbol(path)'],
  ])('shows %o', (path, text) => {
    expect(explainPathError(path, 'the reason').message).toContain(`Invalid path ${text}: the reason.`)
  })
})
