import type { Direction, JsonSchema } from './json-schema.ts'

interface Component {
  readonly text: string
  /** The route that brought it, for errors. */
  readonly route: string
}

const DEFS = '#/$defs/'
const COMPONENTS = '#/components/schemas/'

/**
 * The named schemas of a document. A JSON Schema brings its own `$defs`, with references relative to its root: inside a document
 * they would dangle, so they move to `components/schemas`, and references follow.
 */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {}
  readonly #known = new Map<string, Component>()

  /**
   * The schema as it stands in the document: without `$schema` and `$defs`.
   * @param name used for a schema that refers to itself and has no name, such as `PostTodosBody`.
   * @throws TypeError if two different schemas have one name.
   */
  add(schema: JsonSchema, direction: Direction, name: string, route: string): JsonSchema {
    const {
      $schema: _dialect,
      $defs = {},
      ...root
    } = schema as { $schema?: string; $defs?: Record<string, JsonSchema> }
    const own = refersToRoot(root) ? name : undefined
    const names = new Map<string, string>()
    const all = Object.entries($defs)
    for (const [key] of all) names.set(key, isNamed(key) ? key : `${name}${key.replace(/\W|^__/g, '')}`)
    if (direction === 'output') this.#nameOutputs(all, names, own)
    for (const [key, definition] of all) this.#define(names.get(key)!, rewrite(definition, names, own), route)
    const rewritten = rewrite(root, names, own)
    if (own === undefined) return rewritten
    this.#define(own, rewritten, route)
    return { $ref: COMPONENTS + own }
  }

  /** An answer's schema that differs from the request's of the same name is `PetOutput`, and so is what refers to one. */
  #nameOutputs(all: [string, JsonSchema][], names: Map<string, string>, own: string | undefined): void {
    const plain = all.filter(([key]) => !names.get(key)!.endsWith('Output'))
    const differing = plain.filter(([key, definition]) =>
      this.#differs(names.get(key)!, rewrite(definition, names, own)),
    )
    if (differing.length === 0) return
    for (const [key] of differing) names.set(key, `${names.get(key)}Output`)
    this.#nameOutputs(all, names, own)
  }

  #differs(name: string, schema: JsonSchema): boolean {
    const known = this.#known.get(name)
    return known !== undefined && known.text !== JSON.stringify(schema)
  }

  #define(name: string, schema: JsonSchema, route: string): void {
    const known = this.#known.get(name)
    if (known !== undefined && this.#differs(name, schema)) {
      throw new TypeError(`${route} and ${known.route} have two different schemas of the name ${name}: rename one`)
    }
    if (known !== undefined) return
    this.#known.set(name, { text: JSON.stringify(schema), route })
    this.schemas[name] = schema
  }
}

/** A name that somebody chose: libraries count their own (`__schema0`, `intersection231`, `0`). */
const isNamed = (name: string): boolean => /^[A-Za-z][\w.-]*$/.test(name) && !/^[a-z]+\d+$/.test(name)

const refersToRoot = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(([key, member]) => (key === '$ref' ? member === '#' : refersToRoot(member)))

/** A copy with references to components. */
function rewrite(value: unknown, names: ReadonlyMap<string, string>, own: string | undefined): JsonSchema {
  const visit = (item: unknown, key?: string): unknown => {
    if (key === '$ref' && typeof item === 'string') return reference(item, names, own)
    // The same, as tools ask for an object here.
    if (key === 'items' && item === false) return { not: {} }
    if (Array.isArray(item)) return item.map((member) => visit(member))
    if (typeof item !== 'object' || item === null) return item
    return Object.fromEntries(Object.entries(item).map(([name, member]) => [name, visit(member, name)]))
  }
  return visit(value) as JsonSchema
}

function reference(text: string, names: ReadonlyMap<string, string>, own: string | undefined): string {
  if (text === '#') return COMPONENTS + own
  if (!text.startsWith(DEFS)) return text
  const [key, ...rest] = text.slice(DEFS.length).split('/')
  return [COMPONENTS + (names.get(decodeURIComponent(key!)) ?? key), ...rest].join('/')
}
