import { type InspectorNotification, type Runtime, Session } from 'node:inspector'
import { fileURLToPath } from 'node:url'
import type { Place } from './rules.ts'

/** What the inspector knows of functions: their file and line, and what their closures hold. */
export interface FunctionInsight {
  placeOf(fn: object): Place | undefined
  /** Objects that a function holds: in variables and members that are called as settings and stores are. */
  held(fn: object): object[]
  /** The first object that is wanted, of all that a function's closures lead to. */
  reach(fn: object, isWanted: (value: object) => boolean): object | undefined
}

// A middleware's settings have these names, in its closure or in one another.
const FOLLOWED = new Set('store storage config options opts rules fn setup settings child'.split(' '))
const isFollowed = (name: string): boolean => FOLLOWED.has(name)
const DEPTH = 5
const SLOT = '__expressway_doctor__'

/** Starts an inspector session in this process: functions of modules that are loaded from now on are known. */
export function inspectFunctions(): FunctionInsight {
  const session = new Session()
  session.connect()
  const scripts = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }: InspectorNotification<{ scriptId: string; url: string }>) => {
    scripts.set(params.scriptId, params.url)
  })
  session.post('Debugger.enable')
  const look = new Inspector(session)
  return {
    placeOf(fn) {
      const location = look.internal(fn).find(({ name }) => name === '[[FunctionLocation]]')?.value?.value
      const url = location && scripts.get(location.scriptId)
      return url
        ? { file: url.startsWith('file:') ? fileURLToPath(url) : url, line: location.lineNumber + 1 }
        : undefined
    },
    held: (fn) => collect(fn, look),
    reach: (fn, isWanted) => search(fn, look, isWanted),
  }
}

function collect(start: object, look: Inspector): object[] {
  const seen = new Set<object>([start])
  let edge: object[] = [start]
  for (let depth = 0; depth < DEPTH && edge.length > 0; depth++) {
    edge = edge.flatMap((value) => (typeof value === 'function' ? look.closure(value, isFollowed) : members(value)))
    edge = edge.filter((value) => !seen.has(value))
    for (const value of edge) seen.add(value)
  }
  seen.delete(start)
  return [...seen]
}

/**
 * How many functions a search may look into, and how many variables it may meet there: each one asks the inspector. In a bundle
 * every function has thousands, which all of them share.
 */
const mostFunctions = 300
const mostVariables = 10_000

/** Breadth first through closures and members, so that what is nearest is found first. */
function search(start: object, look: Inspector, isWanted: (value: object) => boolean): object | undefined {
  const seen = new Set<object>([start])
  let functions = 0
  let variables = 0
  for (const value of seen) {
    if (value !== start && isWanted(value)) return value
    const isFunction = typeof value === 'function'
    if (isFunction && (++functions > mostFunctions || variables > mostVariables)) continue
    const next = isFunction ? look.closure(value, () => true) : dataOf(value)
    if (isFunction) variables += next.length
    for (const found of next) if (isObject(found)) seen.add(found)
  }
  return undefined
}

/** An object's own values, without running its getters. */
const dataOf = (value: object): unknown[] =>
  Object.values(Object.getOwnPropertyDescriptors(value)).map((descriptor) => descriptor.value)

function members(value: object): object[] {
  const found = [...FOLLOWED].map((name) => Object.getOwnPropertyDescriptor(value, name)?.value)
  return found.filter(isObject)
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

class Inspector {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  internal(value: object): Runtime.InternalPropertyDescriptor[] {
    return this.#properties(this.#idOf(value)).internalProperties ?? []
  }

  /** The wanted variables of a function's closures, and what a bound function is bound to. */
  closure(fn: object, isWanted: (name: string) => boolean): object[] {
    const internal = this.internal(fn)
    const idNamed = (name: string) => internal.find((property) => property.name === name)?.value?.objectId
    const bound = ['[[BoundThis]]', '[[TargetFunction]]'].map(idNamed)
    const scopes = this.#properties(idNamed('[[Scopes]]')).result ?? []
    const closures = scopes.filter(({ value }) => /^(?:Closure|Block|Module)/.test(value?.description ?? ''))
    const variables = closures.flatMap(({ value }) => this.#properties(value?.objectId).result ?? [])
    const ids = variables.filter(({ name }) => isWanted(name)).map(({ value }) => value?.objectId)
    return [...bound, ...ids].map((id) => this.#valueOf(id)).filter(isObject)
  }

  // In a session of the process itself the answer is there when post() returns.
  #post(method: string, parameters: object): unknown {
    let answer: unknown
    this.#session.post(method, parameters, (_error, result) => (answer = result))
    return answer
  }

  #properties(objectId: string | undefined): Partial<Runtime.GetPropertiesReturnType> {
    if (objectId === undefined) return {}
    const answer = this.#post('Runtime.getProperties', { objectId, ownProperties: true })
    return (answer ?? {}) as Partial<Runtime.GetPropertiesReturnType>
  }

  #idOf(value: object): string | undefined {
    const slot = globalThis as Record<string, unknown>
    slot[SLOT] = value
    const answer = this.#post('Runtime.evaluate', { expression: `globalThis.${SLOT}` })
    delete slot[SLOT]
    return (answer as Runtime.EvaluateReturnType | undefined)?.result.objectId
  }

  #valueOf(objectId: string | undefined): unknown {
    if (objectId === undefined) return undefined
    const slot = globalThis as Record<string, unknown>
    const functionDeclaration = `function () { globalThis.${SLOT} = this }`
    this.#post('Runtime.callFunctionOn', { objectId, functionDeclaration })
    const value = slot[SLOT]
    delete slot[SLOT]
    return value
  }
}
