/** How deep plain data may be nested; a circle is found by it. */
const DEEPEST = 100

/** What a copy is compared with while it is made. */
interface Budget {
  /** Bytes of JSON that may still follow; each value is counted with the most bytes that it can take. */
  bytes: number
}

const GIVEN_UP: unique symbol = Symbol('given up')

/**
 * What `JSON.parse(JSON.stringify(value))` gives, without the text, which takes eight times as long.
 * @returns `undefined` if the value is not plain data (it has an instance of a class, a function, a `toJSON`), or if its JSON
 * may have more than `mostBytes` bytes: then only the text can say
 */
export function copyPlain(value: unknown, mostBytes: number = Number.POSITIVE_INFINITY): unknown {
  const copied = copy(value, { bytes: mostBytes }, 0)
  return copied === GIVEN_UP ? undefined : copied
}

function copy(value: unknown, budget: Budget, depth: number): unknown {
  // A character takes at most the six bytes of its escape; a number at most 25 characters.
  budget.bytes -= typeof value === 'string' ? value.length * 6 + 2 : 26
  if (budget.bytes < 0) return GIVEN_UP
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  // JSON has no negative zero.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (typeof value !== 'object' || depth === DEEPEST || (value as { toJSON?: unknown }).toJSON !== undefined) {
    return GIVEN_UP
  }
  return Array.isArray(value) ? copyList(value, budget, depth + 1) : copyRecord(value, budget, depth + 1)
}

function copyList(list: readonly unknown[], budget: Budget, depth: number): unknown {
  const copied: unknown[] = []
  for (const one of list) {
    const made = one === undefined ? null : copy(one, budget, depth)
    if (made === GIVEN_UP) return GIVEN_UP
    copied.push(made)
  }
  return copied
}

function copyRecord(record: object, budget: Budget, depth: number): unknown {
  const prototype = Object.getPrototypeOf(record)
  if (prototype !== Object.prototype && prototype !== null) return GIVEN_UP
  const copied: Record<string, unknown> = {}
  for (const name of Object.keys(record)) {
    const value = (record as Record<string, unknown>)[name]
    if (value === undefined) continue
    // The first would set the prototype; the second is how `JSON.rawJSON` marks its objects.
    if (name === '__proto__' || name === 'rawJSON') return GIVEN_UP
    budget.bytes -= name.length * 6 + 4
    const made = copy(value, budget, depth)
    if (made === GIVEN_UP) return GIVEN_UP
    copied[name] = made
  }
  return copied
}
