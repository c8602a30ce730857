import { fromFieldBytes, toFieldBytes, type WireRequest } from '../wire.ts'
import type { EventOptions } from './options.ts'

type FieldValue = string | number | boolean

/** A request in plain words. */
export interface RequestDescription {
  /** Default `GET`. */
  method?: string
  /** Percent-encoded, below the stage and the base path; a `?query` in it goes before `query`. Default `/`. */
  path?: string
  query?:
    | string
    | URLSearchParams
    | Record<string, FieldValue | readonly FieldValue[]>
    | readonly (readonly [string, string])[]
  headers?: Record<string, FieldValue | readonly FieldValue[] | undefined> | readonly (readonly [string, string])[]
  /** A Cookie header of these: `{ theme: 'dark' }`, or `['theme=dark']`. */
  cookies?: Record<string, string> | readonly string[]
  /** Text, bytes, or anything else as JSON (with its content type, unless the headers name one). */
  body?: unknown
  /** The address that the client connects from. */
  sourceIp?: string
}

/** What an event builder takes: the request, and what belongs to the source. */
export type EventDescription = RequestDescription & EventOptions

/** The description as it goes over the wire. */
export function toWireRequest(description: RequestDescription): WireRequest {
  const [path, ownQuery] = splitTarget(description.path ?? '/')
  const headers = toLines(description.headers)
  const cookies = toCookies(description.cookies)
  if (cookies !== '') headers.push(['cookie', cookies])
  const body = toBytes(description.body, headers)
  return {
    method: (description.method ?? 'GET').toUpperCase(),
    path,
    query: [ownQuery, toQuery(description.query)].filter((part) => part !== '').join('&'),
    headers: headers.map(([name, value]): [string, string] => [name, toFieldBytes(value)]),
    ...(body === undefined ? {} : { body }),
    ...(description.sourceIp === undefined ? {} : { sourceIp: description.sourceIp }),
  }
}

/** The request as a gateway reads it: AWS puts a header's bytes into an event as UTF-8 text (seen: `cf-ipcity`, all sources). */
export const readFields = (request: WireRequest): WireRequest => ({
  ...request,
  headers: request.headers.map(([name, value]): [string, string] => [name, fromFieldBytes(value)]),
})

function splitTarget(target: string): [path: string, query: string] {
  const at = target.indexOf('?')
  const path = at < 0 ? target : target.slice(0, at)
  if (!path.startsWith('/')) throw new TypeError(`A request's path starts with "/", this one does not: ${target}`)
  return [path, at < 0 ? '' : target.slice(at + 1)]
}

function toLines(headers: RequestDescription['headers']): [string, string][] {
  if (headers === undefined) return []
  if (Array.isArray(headers)) return headers.map(([name, value]) => [name, String(value)])
  return Object.entries(headers).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((each) => each !== undefined)
      .map((each): [string, string] => [name, String(each)]),
  )
}

function toQuery(query: RequestDescription['query']): string {
  if (query === undefined) return ''
  if (typeof query === 'string') return query.replace(/^\?/, '')
  if (query instanceof URLSearchParams) return query.toString()
  const pairs = Array.isArray(query)
    ? query
    : Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => [name, each]))
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
}

function toCookies(cookies: RequestDescription['cookies']): string {
  if (cookies === undefined) return ''
  if (Array.isArray(cookies)) return cookies.join('; ')
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
}

function toBytes(body: unknown, headers: [string, string][]): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined
  if (body instanceof Uint8Array) return body
  if (typeof body === 'string') return Buffer.from(body)
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['content-type', 'application/json'])
  }
  return Buffer.from(JSON.stringify(body))
}
