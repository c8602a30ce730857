import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'

const folder = new URL('../fixtures/events/', import.meta.url)

/** The recorded events of every source, and what is not HTTP. */
export const recorded: readonly unknown[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && !name.includes('responses'))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))

/** What a member may become. */
const odd = [
  ...[null, true, false, 0, -1, 1e21, 0.5, '', ' ', [], {}, [[]], [null], [{}], { a: null }, ['a', 1, null]],
  ...['\r\nset-cookie: a=b', 'a\0b', '\ud800', '%', '%zz', '%E0%A4', '%2e%2e%2f', '//evil.example/%2f..', '\u2028'],
  ...['__proto__', 'constructor', 'toString', '{"a":1}', 'é', '\u{1F600}', '1.0', '2.0', 'x'.repeat(9000)],
  ...['chunked', '-1', '9007199254740993', 'gzip', 'multipart/form-data; boundary=', 'text/plain; charset=utf-7'],
]

const recodings: ((text: string) => string)[] = [
  encodeURIComponent,
  (text) => text.replace(/%([\da-f]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text, 'base64').toString('latin1'),
  (text) => Buffer.from(text).toString('latin1'),
  (text) => text.toUpperCase(),
  (text) => [...text].reverse().join(''),
  (text) => `${text}${text}`,
  (text) => text.slice(0, text.length >> 1),
  (text) => `"${text}`,
  (text) => `${text},${text};${text}`,
]

/** One change to an event: what, where (by counting members) and with which of the lists above. */
interface Mutation {
  readonly kind: 'drop' | 'retype' | 'duplicate' | 'recode' | 'rename' | 'splice'
  readonly at: number
  readonly with: number
}

/** An event by its number, and what is done to it. Numbers, so that a counterexample shrinks and is a small file. */
export interface MutatedEvent {
  readonly event: number
  readonly mutations: readonly Mutation[]
}

export const mutatedEvents: fc.Arbitrary<MutatedEvent> = fc.record({
  event: fc.nat(recorded.length - 1),
  mutations: fc.array(
    fc.record({
      kind: fc.constantFrom<Mutation['kind']>('drop', 'retype', 'retype', 'duplicate', 'recode', 'rename', 'splice'),
      at: fc.nat(400),
      with: fc.nat(400),
    }),
    { minLength: 1, maxLength: 8 },
  ),
})

type Container = Record<string, unknown>

/** The event as it is after its mutations; frozen, as a source never changes one. */
export function mutate({ event, mutations }: MutatedEvent): unknown {
  const root: Container = { event: structuredClone(recorded[event % recorded.length]) }
  for (const mutation of mutations) apply(root, mutation)
  return deepFreeze(JSON.parse(JSON.stringify(root['event'] ?? null)))
}

function apply(root: Container, mutation: Mutation): void {
  const members = [...membersOf(root)]
  const member = members[mutation.at % members.length]
  if (member === undefined) return
  const [parent, key] = member
  const value = parent[key]
  if (mutation.kind === 'drop') delete parent[key]
  else if (mutation.kind === 'retype') set(parent, key, structuredClone(odd[mutation.with % odd.length]))
  else if (mutation.kind === 'duplicate') set(parent, otherCase(key, mutation.with), structuredClone(value))
  else if (mutation.kind === 'recode') set(parent, key, recode(value, mutation.with))
  else if (mutation.kind === 'rename') rename(parent, key, mutation.with)
  else splice(parent, key, mutation.with)
}

function* membersOf(container: Container): Generator<[Container, string]> {
  for (const key of Object.keys(container)) {
    yield [container, key]
    const value = container[key]
    if (typeof value === 'object' && value !== null) yield* membersOf(value as Container)
  }
}

// Defined, not assigned: `__proto__` has to be a member.
const set = (parent: Container, key: string, value: unknown): void =>
  void Object.defineProperty(parent, key, { value, enumerable: true, writable: true, configurable: true })

const otherCase = (key: string, by: number): string =>
  [key.toUpperCase(), key.toLowerCase(), `${key} `, `_${key}`, `${key}[]`][by % 5]!

function recode(value: unknown, by: number): unknown {
  if (typeof value !== 'string') return [value, value]
  try {
    return recodings[by % recodings.length]!(value)
  } catch {
    return `${value}\ud800`
  }
}

function rename(parent: Container, key: string, by: number): void {
  const value = parent[key]
  delete parent[key]
  set(parent, ['__proto__', 'constructor', 'toString', 'a\r\nb: c', '', 'Cookie', 'content-length'][by % 7]!, value)
}

/** The same member of another event, or all of its members. */
function splice(parent: Container, key: string, by: number): void {
  const donor = recorded[by % recorded.length] as Container
  if (typeof donor !== 'object' || donor === null) return
  if (Object.hasOwn(donor, key)) set(parent, key, structuredClone(donor[key]))
  else for (const name of Object.keys(donor)) set(parent, name, structuredClone(donor[name]))
}

export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}
