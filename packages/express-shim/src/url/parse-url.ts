import { getBuiltinModule } from '../builtin.ts'

// What Node's legacy parser, by which Express finds the path, does not take as it stands.
const ODD = /[\t\n\f\r #\u00a0\ufeff]/

interface LegacyUrl {
  readonly pathname: string | null
  readonly query: string | null
  parse(url: string): void
}

/**
 * The path in a request's URL, as Express's routing sees it; null if it has none, which no layer matches.
 * @throws TypeError if the text is not a URL.
 */
export function pathnameOf(url: string | undefined): string | null {
  if (isOdd(url)) return legacy(url).pathname
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

/** The text after the `?` of a URL; null without a `?`. @throws TypeError if the text is not a URL. */
export function queryOf(url: string | undefined): string | null {
  if (isOdd(url)) return legacy(url).query
  const start = url.indexOf('?')
  return start < 0 ? null : url.slice(start + 1)
}

function isOdd(url: string | undefined): url is undefined {
  return typeof url !== 'string' || url.charCodeAt(0) !== 47 || ODD.test(url)
}

/** Node's legacy parser itself, whose rules for such URLs are its own; `url.parse` would print a deprecation warning. */
function legacy(url: unknown): LegacyUrl {
  const { Url } = getBuiltinModule('node:url') as unknown as { Url: new () => LegacyUrl }
  const parsed = new Url()
  parsed.parse(url as string)
  return parsed
}

/** `http://host` of a URL in absolute form, as a proxy gets it; `''` if it is only a path, or has no path after the host. */
export function originOf(url: string | undefined): string {
  if (typeof url !== 'string' || url.charCodeAt(0) === 47) return ''
  const query = url.indexOf('?')
  const scheme = (query < 0 ? url : url.slice(0, query)).indexOf('://')
  return scheme < 0 ? '' : url.substring(0, url.indexOf('/', scheme + 3))
}
