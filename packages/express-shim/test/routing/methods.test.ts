import { METHODS } from 'node:http'
import { expect, test } from 'vitest'
import { methods } from '../../src/routing/methods.ts'

test('the verbs are those of the running Node', () => {
  expect([...methods].sort()).toEqual(METHODS.map((method) => method.toLowerCase()).sort())
})
