import { hide } from '../property.ts'
import { FIELDS, OutgoingHeaders, setField, writtenName } from './outgoing-headers.ts'

type Entry = [name: string, value: string | number | readonly string[]]

/**
 * Lets Node's own header methods work on our responses: the `cookies` package, and so cookie-session, calls
 * `http.OutgoingMessage.prototype.setHeader` itself. What Node keeps under a symbol of its own is a view of our fields.
 */
export function shareHeaders({ OutgoingMessage }: typeof import('node:http')): void {
  const symbols = Object.getOwnPropertySymbols(new OutgoingMessage())
  const key = symbols.find(({ description }) => description === 'kOutHeaders')
  if (!key) return
  Object.defineProperty(OutgoingHeaders.prototype, key, {
    configurable: true,
    get(this: OutgoingHeaders) {
      return this[FIELDS] && viewOf(this)
    },
    set(this: OutgoingHeaders, value: unknown) {
      // Node's constructor on a message of its own.
      if (!this[FIELDS]) hide(this, key, value)
    },
  })
}

function viewOf(message: OutgoingHeaders): Record<string, Entry> {
  const read = (key: PropertyKey): Entry | undefined => {
    const fields = message[FIELDS]
    if (typeof key !== 'string' || !(key in fields)) return undefined
    const entry = [writtenName(message, key)] as unknown as Entry
    // Node's appendHeader turns a value into a list in place.
    return Object.defineProperty(entry, 1, {
      enumerable: true,
      get: () => fields[key],
      set: (value: Entry[1]) => {
        fields[key] = value
      },
    })
  }
  return new Proxy<Record<string, Entry>>(Object.create(null), {
    get: (_target, key) => read(key),
    has: (_target, key) => Boolean(read(key)),
    ownKeys: () => Object.keys(message[FIELDS]),
    getOwnPropertyDescriptor(_target, key) {
      const value = read(key)
      return value && { value, writable: true, enumerable: true, configurable: true }
    },
    set(_target, key, [name, value]: Entry) {
      setField(message, key as string, name, value)
      return true
    },
    deleteProperty(_target, key) {
      message.removeHeader(key as string)
      return true
    },
  })
}
