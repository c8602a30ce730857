// The names that tests use most, so that most runs never load the media type database. `form`, `urlencoded` and
// `form-data` are superagent's own; `js` is what its older database says.
const SHORT: Record<string, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  urlencoded: 'application/x-www-form-urlencoded',
  'form-data': 'application/x-www-form-urlencoded',
  html: 'text/html',
  text: 'text/plain',
  txt: 'text/plain',
  xml: 'application/xml',
  css: 'text/css',
  js: 'application/javascript',
  mjs: 'application/javascript',
  png: 'image/png',
  bin: 'application/octet-stream',
}

/**
 * The media type that a short name stands for; one with a `/` stands for itself.
 * @throws TypeError if the name does not stand for a media type
 */
export function toMediaType(name: string): string {
  if (name.includes('/')) return name
  const type = Object.hasOwn(SHORT, name) ? SHORT[name] : lookup(name)
  if (!type) throw new TypeError(`No media type is known as "${name}". Give it in full, as "application/json".`)
  return type
}

function lookup(name: string): string | false {
  const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
  return (require('mime-types') as typeof import('mime-types')).lookup(name)
}

/** Whether a media type is JSON: `application/json` or a `+json` suffix, but not `json-seq`. */
export function isJson(type: string | undefined): boolean {
  return type !== undefined && /[/+]json($|[^-\w])/i.test(type)
}

/** Whether superagent reads this type as bytes, whatever the request asks for. */
export function isBinary(type: string): boolean {
  const [registry, name] = type.toLowerCase().split('/')
  return /^(audio|font|image|video)$/.test(registry?.trim() ?? '') || /^(gz|gzip)$/.test(name?.trim() ?? '')
}

export function isMultipart(type: string): boolean {
  return type.split('/')[0]!.trim().toLowerCase() === 'multipart'
}

/** The type of a `Content-Type` value, without its parameters. */
export function typeOf(value: string): string {
  return value.split(/ *; */)[0]!
}

// Names that would alter the object that they are written to.
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype'])

/** The parameters of a `Content-Type` value; `charset` for one. */
export function parametersOf(value: string): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const part of value.split(/ *; */)) {
    const [name, ...rest] = part.split(/ *= */)
    const text = rest.join('=')
    if (name && text && !UNSAFE.has(name)) parameters[name] = text
  }
  return parameters
}

/** The targets of a `Link` field by relation type (RFC 8288). */
export function linksOf(value: string | undefined): Record<string, string> {
  const links: Record<string, string> = {}
  for (const link of value?.split(/ *, */) ?? []) {
    const [target = '', ...parameters] = link.split(/ *; */)
    for (const relation of relationsOf(parameters)) {
      if (!UNSAFE.has(relation)) links[relation] = target.slice(1, -1)
    }
  }
  return links
}

function relationsOf(parameters: string[]): string[] {
  for (const parameter of parameters) {
    const [name, value] = parameter.split(/ *= */, 2)
    if (name?.toLowerCase() === 'rel' && value) return value.replace(/^"|"$/g, '').split(/ +/).filter(Boolean)
  }
  return []
}
