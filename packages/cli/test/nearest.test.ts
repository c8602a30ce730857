import { expect, it } from 'vitest'
import { nearest, suggestion } from '../src/nearest.ts'

const names = ['rest-api', 'http-api', 'function-url', 'alb', 'dev', '--watch']

it.each([
  ['htp-api', 'http-api'],
  ['HTTP-API', 'http-api'],
  ['function-ulr', 'function-url'],
  ['abl', 'alb'],
  ['--wach', '--watch'],
  ['nginx', undefined],
  ['', undefined],
  ['x', undefined],
])('%j is most likely %j', (given, expected) => {
  expect(nearest(given, names)).toBe(expected)
})

it('suggests nothing if there is nothing to choose from', () => {
  expect([nearest('a', []), suggestion('a', []), suggestion('dve', names)]).toEqual([
    undefined,
    '',
    ' Did you mean "dev"?',
  ])
})
