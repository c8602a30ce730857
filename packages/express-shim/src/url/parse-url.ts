import { getBuiltinModule } from '../builtin.ts'

// What Node's legacy parser, by which Express finds the path, does not take as it stands.
const ODD = /[\t\n\f\r #\u00a0\ufeff]/

interface LegacyUrl {
  readonly pathname: string | null
  readonly query: string | null
  parse(url: string): void
}

/**
 * The path in a request's URL, as Express's routing sees it; null where there is none, which no layer matches.
 * @throws TypeError for what is no URL at all.
 */
export function pathnameOf(url: string | undefined): string | null {
  if (isOdd(url)) return legacy(url).pathname
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

/** What stands behind the `?` of a URL; null where there is none. @throws TypeError for what is no URL at all. */
export function queryOf(url: string | undefined): string | null {
  if (isOdd(url)) return legacy(url).query
  const start = url.indexOf('?')
  return start < 0 ? null : url.slice(start + 1)
}

function isOdd(url: string | undefined): url is undefined {
  return typeof url !== 'string' || url.charCodeAt(0) !== 47 || ODD.test(url)
}

/** The parser itself, as its rules for such URLs are its own; `url.parse` would warn of its use. */
function legacy(url: unknown): LegacyUrl {
  const { Url } = getBuiltinModule('node:url') as unknown as { Url: new () => LegacyUrl }
  const parsed = new Url()
  parsed.parse(url as string)
  return parsed
}

/** `http://host` of a URL in absolute form, as a proxy is asked; `''` where it is only a path, or has none behind the host. */
export function originOf(url: string | undefined): string {
  if (typeof url !== 'string' || url.charCodeAt(0) === 47) return ''
  const query = url.indexOf('?')
  const scheme = (query < 0 ? url : url.slice(0, query)).indexOf('://')
  return scheme < 0 ? '' : url.substring(0, url.indexOf('/', scheme + 3))
}
