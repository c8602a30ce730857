/** The options of `qs.parse` that Express and body-parser set; all others are qs's defaults, with `allowPrototypes`. */
export interface NestedOptions {
  /** The most elements of an array; beyond it, an object with the indices as keys. */
  readonly arrayLimit: number
  /** How many levels of brackets in a key are parsed; 0 parses no brackets. */
  readonly depth: number
  /** Parameters beyond this number are left out. */
  readonly parameterLimit: number
  /** Whether a key deeper than `depth` is a `RangeError`; otherwise its rest stays one key. */
  readonly strictDepth?: boolean
  readonly charset?: string
  /** Lets the `utf8=✓` field that browsers add choose the charset. */
  readonly charsetSentinel?: boolean
  /** Reads `&#9786;` in values of an ISO-8859-1 text. */
  readonly interpretNumericEntities?: boolean
}

type Container = Record<string, unknown>

/**
 * A parse under way. `overflow` has the objects that stand for arrays grown over the limit, `conflicts` those arrays and
 * objects that hold a value given both plain and with brackets (`a[b]=1&a=2`), each with its highest index.
 */
interface Parse {
  readonly limit: number
  readonly overflow: Map<unknown, number>
  readonly conflicts: Map<unknown, number>
}

const isObject = (value: unknown): value is Container => typeof value === 'object' && value !== null
const owns = (object: object, key: string | number): boolean => Object.hasOwn(object, key)

/**
 * Reads a query or form text with nested keys into plain objects, exactly as `qs` does.
 *
 * @throws RangeError if a key is too deep and `strictDepth` is set.
 */
export function parseNested(text: string, options: NestedOptions): Container {
  const parse: Parse = { limit: options.arrayLimit, overflow: new Map(), conflicts: new Map() }
  const result: Container = {}
  if (!text) return result
  for (const [key, value] of Object.entries(parseFlat(text, options, parse))) {
    if (key === '') continue
    if (key !== '__proto__' && !key.includes('[') && !owns(result, key)) result[key] = value
    else merge(result, nest(splitKey(key, options), value, parse), parse)
  }
  return compact(result) as Container
}

function parseFlat(text: string, options: NestedOptions, parse: Parse): Container {
  const parameters = text
    .replace(/%5B/gi, '[')
    .replace(/%5D/gi, ']')
    .split('&', Math.min(options.parameterLimit, 0xffffffff))
  const sentinel = options.charsetSentinel ? parameters.findIndex((part) => part.startsWith('utf8=')) : -1
  const latin1 = (sentinelCharset(parameters[sentinel]) ?? options.charset) === 'iso-8859-1'
  const entities = latin1 && options.interpretNumericEntities === true
  // An object, as it lists keys that look like indices first: qs goes by that.
  const flat: Container = Object.create(null)
  parameters.forEach((part, index) => {
    if (index === sentinel) return
    const bracket = part.indexOf(']=')
    const equals = bracket < 0 ? part.indexOf('=') : bracket + 1
    const key = decode(equals < 0 ? part : part.slice(0, equals), latin1)
    const raw = equals < 0 ? '' : decode(part.slice(equals + 1), latin1)
    const value = entities ? readEntities(raw) : raw
    flat[key] = key in flat ? combine(flat[key], value, parse) : value
  })
  return flat
}

// `✓` and `&#10003;`, as browsers send the check mark that the page's charset has or has not.
function sentinelCharset(part: string | undefined): string | undefined {
  if (part === 'utf8=%E2%9C%93') return 'utf-8'
  return part === 'utf8=%26%2310003%3B' ? 'iso-8859-1' : undefined
}

function decode(text: string, latin1: boolean): string {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  if (latin1) return spaced.replace(/%[0-9a-f]{2}/gi, (octet) => String.fromCharCode(Number(`0x${octet.slice(1)}`)))
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

const readEntities = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, digits: string) => {
    const code = Number.parseInt(digits, 10)
    return code > 0xffff && code <= 0x10ffff ? String.fromCodePoint(code) : String.fromCharCode(code)
  })

/** `a[b][c[]]` → `a`, `[b]`, `[c[]]`; what lies deeper than the limit stays together as the last. */
function splitKey(key: string, { depth, strictDepth }: NestedOptions): string[] {
  let open = key.indexOf('[')
  if (depth <= 0 || open < 0) return [key]
  const segments = open > 0 ? [key.slice(0, open)] : []
  for (let level = 0; open >= 0; level++) {
    const close = closingBracket(key, open)
    if (level >= depth && strictDepth) throw new RangeError(`Keys nest deeper than ${depth}`)
    if (level >= depth || close < 0) return [...segments, `[${key.slice(open)}]`]
    segments.push(key.slice(open, close + 1))
    open = key.indexOf('[', close + 1)
  }
  return segments
}

function closingBracket(key: string, open: number): number {
  let level = 0
  for (let at = open; at < key.length; at++) {
    if (key[at] === '[') level++
    else if (key[at] === ']' && --level === 0) return at
  }
  return -1
}

/** Wraps a value in the objects and arrays that its key names. */
function nest(segments: string[], value: unknown, parse: Parse): unknown {
  return segments.reduceRight((leaf, segment) => {
    if (segment === '[]') return parse.overflow.has(leaf) ? leaf : combine([], leaf, parse)
    const bracketed = segment[0] === '[' && segment.endsWith(']')
    const name = bracketed ? segment.slice(1, -1) : segment
    const index = Number.parseInt(name, 10)
    const isIndex = bracketed && index >= 0 && String(index) === name
    const container = (isIndex && index < parse.limit ? [] : {}) as Container
    if (name !== '__proto__') container[name] = leaf
    if (isIndex && index >= parse.limit) parse.overflow.set(container, index)
    return container
  }, value)
}

/** Puts values that share a key into one array. */
function combine(before: unknown, value: unknown, parse: Parse): unknown {
  const top = parse.overflow.get(before)
  if (top === undefined) return limited(([] as unknown[]).concat(before, value), parse)
  append(before as Container, value, top, parse.overflow)
  return before
}

function append(container: Container, value: unknown, top: number, tops: Map<unknown, number>): void {
  container[top + 1] = value
  tops.set(container, top + 1)
}

/** An array, or the object that replaces it beyond the limit. */
function limited(array: unknown[], parse: Parse, count = array.length): unknown {
  return count > parse.limit ? toOverflow(array, parse) : array
}

function toOverflow(array: unknown[], parse: Parse): Container {
  // Own keys only, to skip the holes of a sparse array; to the compiler an array is not a record.
  const object = { ...array } as unknown as Container
  parse.overflow.set(object, array.length - 1)
  return object
}

/** Elements that are there: an array may be sparse until the end, so its length says nothing. */
const countElements = (array: unknown[]): number => Object.keys(array).length

function merge(target: unknown, source: unknown, parse: Parse): unknown {
  if (!source) return target
  if (!isObject(source)) return mergeValue(target, source, parse)
  if (!isObject(target)) return prepend(target, source, parse)
  if (!Array.isArray(target)) return mergeObject(target, source, parse)
  if (Array.isArray(source)) return mergeArray(target, source, parse)
  const object = { ...target } as unknown as Container
  if (parse.conflicts.has(target)) parse.conflicts.set(object, target.length - 1)
  return mergeObject(object, source, parse)
}

function mergeValue(target: unknown, value: unknown, parse: Parse): unknown {
  if (Array.isArray(target)) {
    const full = countElements(target) >= parse.limit
    target.push(value)
    return full ? toOverflow(target, parse) : target
  }
  if (!isObject(target)) return limited([target, value], parse)
  for (const tops of [parse.overflow, parse.conflicts]) {
    const top = tops.get(target)
    if (top === undefined) continue
    append(target, value, top, tops)
    return target
  }
  const pair = limited([target, value], parse)
  if (Array.isArray(pair)) parse.conflicts.set(pair, 1)
  return pair
}

/** A plain value came first, then an object or an array under the same key. */
function prepend(value: unknown, source: Container, parse: Parse): unknown {
  const top = parse.overflow.get(source)
  if (top === undefined) return limited([value].concat(source), parse)
  const shifted: Container = { 0: value }
  for (const key of Object.keys(source)) shifted[Number(key) + 1] = source[key]
  parse.overflow.set(shifted, top + 1)
  return shifted
}

function mergeArray(target: unknown[], source: unknown[], parse: Parse): unknown {
  source.forEach((item, index) => {
    if (!owns(target, index)) target[index] = item
    else if (isObject(target[index]) && isObject(item)) target[index] = merge(target[index], item, parse)
    else target.push(item)
  })
  return limited(target, parse, countElements(target))
}

function mergeObject(target: Container, source: Container, parse: Parse): Container {
  for (const key of Object.keys(source)) {
    target[key] = owns(target, key) ? merge(target[key], source[key], parse) : source[key]
  }
  const top = parse.overflow.get(source)
  if (top !== undefined && !parse.overflow.has(target)) {
    parse.overflow.set(target, Object.keys(target).reduce(highest, top))
  }
  for (const tops of [parse.overflow, parse.conflicts]) {
    if (tops.has(target)) tops.set(target, Object.keys(source).reduce(highest, tops.get(target)!))
  }
  return target
}

const highest = (top: number, key: string): number =>
  String(Number.parseInt(key, 10)) === key ? Math.max(top, +key) : top

/** Closes the gaps of sparse arrays, at every level. */
function compact(value: unknown): unknown {
  if (!isObject(value)) return value
  for (const key of Object.keys(value)) value[key] = compact(value[key])
  return Array.isArray(value) ? value.filter(() => true) : value
}
