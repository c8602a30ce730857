import type { WireRequest } from '../../wire.ts'
import { toLines } from '../http/header-fields.ts'
import { splitAt, stringifyQuery, withQuery } from '../http/query-string.ts'
import type { RequestSpec } from '../spec.ts'
import { serializeData } from './body.ts'
import { encodeForm } from './form.ts'

// Node sends `Content-Length: 0` for these when there is no body (RFC 9110, 8.6).
const MEANS_BODY = /^(?!GET$|HEAD$|DELETE$|OPTIONS$|TRACE$|CONNECT$)/

/** The request as it goes over the wire, with the fields that a client adds by itself. */
export async function toWireRequest(spec: RequestSpec): Promise<WireRequest> {
  await fixQuery(spec)
  const [path, query] = splitAt(toTarget(spec.path), '?')
  const { body, type } = await encodeBody(spec)
  const headers = toHeaders(spec, body, type)
  return { method: spec.method, path, query: query.slice(1), headers, body, sourceIp: spec.gateway.options?.sourceIp }
}

/** Moves what `.query()` gathered into the path, so that a retry or a redirect does not add it again. */
async function fixQuery(spec: RequestSpec): Promise<void> {
  const params = Object.keys(spec.queryParams).length > 0 ? await stringifyQuery(spec.queryParams) : ''
  const query = [...spec.queryTexts, params].filter(Boolean).join('&')
  spec.path = withQuery(spec.path, query, spec.sortQuery)
  spec.queryTexts = []
  spec.queryParams = {}
}

/**
 * The request target as Node's client sends it: the URL standard's escapes, but `.` and `..` segments as they are.
 * @throws TypeError if the path does not start with a slash
 */
export function toTarget(given: string): string {
  // An empty query is none: a URL leaves its question mark out.
  const path = splitAt(given, '#')[0].replace(/^([^?]*)\?$/, '$1')
  if (/^\/[\w\-./~%?&=+,:;@!$()*]*$/.test(path)) return path
  if (path !== '' && !/^[/?]/.test(path)) {
    throw new TypeError(`A request's path starts with "/", this one does not: ${given}`)
  }
  const [pathname, query] = splitAt(path, '?')
  const segments = (pathname || '/').split('/').slice(1)
  const url = new URL(`http://host/${query}`)
  return `/${segments.map((segment, index) => escapeSegment(segment, index + 1 < segments.length || query !== '')).join('/')}${url.search}`
}

// A URL loses white space at its end, so a segment that something follows is not put there.
function escapeSegment(segment: string, followed: boolean): string {
  if (/^(\.|%2e){1,2}$/i.test(segment)) return segment
  return new URL(`http://host/${segment}${followed ? '?' : ''}`).pathname.slice(1)
}

async function encodeBody(spec: RequestSpec): Promise<{ body?: Uint8Array; type?: string }> {
  if (spec.method === 'HEAD') return {}
  if (spec.form.length > 0) return encodeForm(spec.form)
  const data = await serializeData(spec)
  if (spec.written.length === 0) return { body: data }
  return { body: Buffer.concat(data ? [...spec.written, data] : spec.written) }
}

function toHeaders(spec: RequestSpec, body: Uint8Array | undefined, type: string | undefined): [string, string][] {
  const fields = new Map(spec.headers)
  if (spec.method !== 'HEAD') addDefault(spec, fields, 'Accept-Encoding', 'gzip, deflate')
  addCredentials(spec, fields)
  if (spec.cookies)
    fields.set('cookie', { name: 'Cookie', value: mergeCookies(fields.get('cookie')?.value, spec.cookies) })
  if (type) fields.set('content-type', { name: 'Content-Type', value: type })
  // RFC 9112, 6.3: a message with both is refused. Node frames the body itself; a gateway takes it whole.
  if (fields.has('transfer-encoding')) return toFieldLines(fields)
  if (type || (body && body.length > 0)) addDefault(spec, fields, 'Content-Length', String(body?.length ?? 0))
  else if (MEANS_BODY.test(spec.method)) addDefault(spec, fields, 'Content-Length', '0')
  return toFieldLines(fields)
}

function toFieldLines(fields: RequestSpec['headers']): [string, string][] {
  const lines: [string, string][] = []
  for (const { name, value } of fields.values()) lines.push(...toLines(name, value))
  return lines
}

function addDefault(spec: RequestSpec, fields: RequestSpec['headers'], name: string, value: string): void {
  const key = name.toLowerCase()
  if (!fields.has(key) && !spec.unset.has(key)) fields.set(key, { name, value })
}

function addCredentials({ credentials }: RequestSpec, fields: RequestSpec['headers']): void {
  if (!credentials?.user || !credentials.password) return
  const token = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')
  fields.set('authorization', { name: 'Authorization', value: `Basic ${token}` })
}

/** One `Cookie` value of two; if both name a cookie, the agent's value counts. */
function mergeCookies(own: unknown, agents: string): string {
  if (!own) return agents
  const byName = new Map<string, string>()
  const pairs = [own, agents].flat().flatMap((line) => String(line).split(/; */))
  for (const pair of pairs) byName.set(splitAt(pair, '=')[0], pair)
  return [...byName.values()].join('; ')
}
