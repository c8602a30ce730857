import fc from 'fast-check'

/** How often each outcome came: `answered`, `refused`, … */
export type Tally = Record<string, number>

/** A statement that holds for every value, and how to look for one for which it does not. */
export interface Property<Value = unknown> {
  readonly name: string
  /** What JSON can hold, and nothing else: a counterexample is kept as a file. */
  readonly values: fc.Arbitrary<Value>
  /** Throws where the statement does not hold; the result says what became of the value. */
  check(value: Value): string | Promise<string>
  /** Where a counterexample means something only beside today's fixtures: the property and value to keep in its place. */
  keep?(value: Value): { property: string; value: unknown }
}

/** Keeps the type of the values between arbitrary and check, and forgets it for the list. */
export const property = <Value>(
  name: string,
  values: fc.Arbitrary<Value>,
  check: Property<Value>['check'],
  keep?: Property<Value>['keep'],
): Property => ({ name, values, check, keep }) as Property<Value> as never

export interface Failure {
  readonly property: string
  readonly seed: number
  readonly path: string
  /** The smallest value that was found to fail. */
  readonly value: unknown
  readonly error: unknown
}

const HANG_MS = 10_000

/** Tries a property with values that follow from the seed. */
export async function tryProperty(
  { name, values, check }: Property,
  seed: number,
  runs: number,
  tally: Tally,
): Promise<Failure | undefined> {
  const statement = fc.asyncProperty(values, async (value) => {
    const outcome = await check(value)
    tally[outcome] = (tally[outcome] ?? 0) + 1
  })
  const details = await fc.check(statement, { seed, numRuns: runs, timeout: HANG_MS, endOnFailure: false })
  if (!details.failed) return undefined
  const { counterexample, counterexamplePath, errorInstance } = details
  return { property: name, seed, path: counterexamplePath ?? '', value: counterexample?.[0], error: errorInstance }
}
