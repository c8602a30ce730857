// The short, seeded part of `pnpm fuzz`, and every counterexample that was ever found.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watchConsole } from '../../packages/testing/fuzz/applications.ts'
import { keptCases, properties } from '../../packages/testing/fuzz/properties.ts'
import { type Tally, tryProperty } from '../../packages/testing/fuzz/property.ts'

const SEED = 20_260_101
const RUNS = 60

let restore: () => void
beforeAll(() => {
  restore = watchConsole()
})
afterAll(() => restore())

describe('counterexamples of the past', () => {
  it.each(keptCases.map(({ file, property, value }) => [file, property.name, property, value] as const))(
    '%s: %s',
    async (_file, _name, property, value) => expect(await property.check(value)).toEqual(expect.any(String)),
  )
})

describe(`seed ${SEED}: ${RUNS} values each`, () => {
  it.each(properties.map((property) => [property.name, property] as const))('%s', async (_name, property) => {
    const tally: Tally = {}
    const failure = await tryProperty(property, SEED, RUNS, tally)
    // The failure shows seed, path and the shrunk value.
    expect(failure).toBeUndefined()
    expect(Object.values(tally).reduce((sum, count) => sum + count, 0)).toBe(RUNS)
  })
})

it('what fails is reported with its smallest value', async () => {
  const { default: fc } = await import('../../packages/testing/node_modules/fast-check/lib/fast-check.js')
  const failure = await tryProperty(
    {
      name: 'numbers are below 1000',
      values: fc.nat(),
      check: (value) => {
        if ((value as number) >= 1000) throw new RangeError(`${value}`)
        return 'below'
      },
    },
    1,
    100,
    {},
  )
  expect(failure).toMatchObject({ property: 'numbers are below 1000', seed: 1, value: 1000 })
})
