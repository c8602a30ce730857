type Qs = typeof import('qs')

/** Name, value pairs as superagent writes them: arrays as repeated names, `null` as a bare name, no brackets if flat. */
export async function stringifyQuery(params: object): Promise<string> {
  return stringifyFlat(params) ?? (await loadQs()).stringify(params, { indices: false, strictNullHandling: true })
}

/** Parses a form body as superagent does: `a[b]=1` nests. */
export async function parseQuery(text: string): Promise<Record<string, unknown>> {
  return (await loadQs()).parse(text)
}

async function loadQs(): Promise<Qs> {
  const module = await import('qs')
  return (module as { default?: Qs }).default ?? module
}

/** The flat case, the usual one, without the library; `undefined` if a value is nested or unusual. */
function stringifyFlat(params: object): string | undefined {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') return undefined
      if (!name.isWellFormed() || (typeof one === 'string' && !one.isWellFormed())) return undefined
      pairs.push(`${encode(name)}=${encode(String(one))}`)
    }
  }
  return pairs.join('&')
}

// RFC 3986 leaves only letters, digits and -._~ as they are.
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Appends `query` to the part of `path` before `#`, sorts if asked, in superagent's order: what is there comes first. */
export function withQuery(path: string, query: string, sort: boolean | ((a: string, b: string) => number)): string {
  if (!query && !sort) return path
  const [target, fragment] = splitAt(path, '#')
  const full = query ? `${target}${target.includes('?') ? '&' : '?'}${query}` : target
  return sort ? sorted(full, sort) + fragment : full + fragment
}

function sorted(target: string, sort: true | ((a: string, b: string) => number)): string {
  const [path, query] = splitAt(target, '?')
  if (!query) return target
  return `${path}?${query
    .slice(1)
    .split('&')
    .sort(sort === true ? undefined : sort)
    .join('&')}`
}

/** The text before the mark, and from the mark on. */
export function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)]
}
