// Members of events: JSON that no type vouches for.

/** A JSON object of an event. */
export type Members = Readonly<Record<string, unknown>>

/** The JSON object, or `undefined` for any other value. */
export const object = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined

/** The string, or `undefined` for any other value and for `''`: gateways write `null`, `""` and nothing for the same thing. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** A member as text, whatever JSON it is. Not `String`, which fails for an object with a member named `toString`. */
export const written = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
