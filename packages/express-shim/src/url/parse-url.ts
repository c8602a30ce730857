// What Node's legacy url.parse, by which Express finds the path, does not take as it stands.
const ODD = /[\s#\ufeff]/
// What it takes as it stands once the white space around it is gone.
const SIMPLE = /^\/(?!\/\/)[^\s#@]*$/
const ESCAPED = /[\t\n\r "'<>^`{|}]/g

/** The path in a request's URL, as Express's routing sees it; null where there is none, which no layer matches. */
export function pathnameOf(url: string | undefined): string | null {
  if (!url) return null
  if (url.charCodeAt(0) !== 47 || ODD.test(url)) return oddPathname(url)
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

function oddPathname(url: string): string | null {
  const trimmed = url.trim()
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i.exec(trimmed)?.[0]
  const rest = origin === undefined ? trimmed : trimmed.slice(origin.length)
  const end = rest.search(/[?#]/)
  const path = (end < 0 ? rest : rest.slice(0, end)).replaceAll('\\', '/')
  if (!path) return origin === undefined ? null : '/'
  return SIMPLE.test(trimmed) ? path : path.replace(ESCAPED, percent)
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** `http://host` of a URL in absolute form, as a proxy is asked; `''` where it is only a path, or has none behind the host. */
export function originOf(url: string | undefined): string {
  if (!url || url.charCodeAt(0) === 47) return ''
  const query = url.indexOf('?')
  const scheme = (query < 0 ? url : url.slice(0, query)).indexOf('://')
  return scheme < 0 ? '' : url.substring(0, url.indexOf('/', scheme + 3))
}
