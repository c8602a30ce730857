/**
 * A function that calculates its answer for a key once. It keeps at most `most` answers and forgets them all when another one
 * comes, so a client that invents keys cannot fill the memory. An `undefined` answer and an error are not kept.
 * @example const toType = remember((name: string) => findType(name), 100)
 */
export function remember<Key, Value>(make: (key: Key) => Value, most: number): (key: Key) => Value {
  const kept = new Map<Key, Value>()
  return (key) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    const made = make(key)
    if (made === undefined) return made
    if (kept.size === most) kept.clear()
    kept.set(key, made)
    return made
  }
}
