/** Gives an object a property of its own, which everybody may replace. */
export function give<Value>(target: object, name: PropertyKey, value: Value, enumerable = true): Value {
  Object.defineProperty(target, name, { configurable: true, writable: true, enumerable, value })
  return value
}

/** The same, but it is not listed. */
export function hide<Value>(target: object, name: PropertyKey, value: Value): Value {
  return give(target, name, value, false)
}

/** Makes the members of a class enumerable: Express's are plain objects, which tools copy and wrap by `for in`. */
export function showMembers(prototype: object): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name !== 'constructor') Object.defineProperty(prototype, name, { enumerable: true })
  }
}
