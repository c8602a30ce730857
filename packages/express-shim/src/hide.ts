/** Gives an object a property that is not listed, and that everybody may replace. */
export function hide<Value>(target: object, name: PropertyKey, value: Value): Value {
  Object.defineProperty(target, name, { configurable: true, writable: true, value })
  return value
}
