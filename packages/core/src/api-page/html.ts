const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]!)

/**
 * The HTML of the page: no script and no style in it, so that the policy allows none. Swagger UI starts by itself, from
 * `data-*` of its script element.
 * @param path the path of the page, as the application sees it.
 * @param script the file's name in URLs.
 */
export function pageHtml(title: string, path: string, script: string, style: string): string {
  const url = (name: string): string => escapeHtml(relativeUrl(path, name))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${url(style)}">
<script src="${url(script)}" data-document="${url('openapi.json')}" data-path="${escapeHtml(path)}" defer></script>
</head>
<body>
<main id="swagger-ui"><noscript>This page needs JavaScript.</noscript></main>
<footer><a href="${url('openapi.json')}">openapi.json</a></footer>
</body>
</html>
`
}

/** A URL relative to the page, so that it holds below any stage, mapping and prefix of a proxy. */
const relativeUrl = (path: string, name: string): string =>
  `./${path.endsWith('/') ? '' : `${lastSegment(path)}/`}${name}`

const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/**
 * What the page may load (https://www.w3.org/TR/CSP3/): its own files, pictures inside its style sheet, and answers of the
 * API, at this host and at the servers that the document names.
 */
export function contentSecurityPolicy(servers: readonly { readonly url: string }[] | undefined): string {
  const origins = (servers ?? []).flatMap(({ url }) => (URL.canParse(url) ? new URL(url).origin : []))
  const hosts = [...new Set(origins)].filter((origin) => origin !== 'null').map((origin) => ` ${origin}`)
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${hosts.join('')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
