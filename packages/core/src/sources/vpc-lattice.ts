import { encodeFields, joinLines } from '../message/headers.ts'
import type { BufferedResponse, Source } from '../message/source.ts'
import { encodeBody, needsBase64 } from './content.ts'
import { DecodedRequest, type EventReader } from './decoded-request.ts'
import { linesOf, valuesOfField } from './fields.ts'
import { forwardedFor, forwardedProto } from './forwarded.ts'
import { identityLattice } from './identity.ts'
import { type Members, object, text } from './members.ts'
import { encodedPath } from './path.ts'
import { encodeMember, joinQuery, queryPairs } from './query-string.ts'
import { lambdaResultLimit } from './result-limit.ts'
import { statusDescription } from './status-text.ts'

export interface LatticeEvent {
  readonly method: string
  readonly path?: string
  readonly headers?: Members | null
  readonly queryStringParameters?: Members | null
  /** Some samples of version 2 keep the name of version 1. */
  readonly query_string_parameters?: Members | null
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
  readonly requestContext: { readonly serviceArn: string; readonly identity?: unknown }
}

export interface LatticeEventV1 {
  readonly method: string
  readonly raw_path: string
  readonly headers?: Members | null
  readonly query_string_parameters?: Members | null
  readonly body?: unknown
  readonly is_base64_encoded?: unknown
}

export interface LatticeResult {
  statusCode: number
  statusDescription?: string
  headers: Record<string, string | string[]>
  body: string
  isBase64Encoded: boolean
}

/** VPC Lattice, event structure version 2. AWS, "Lambda functions as targets in VPC Lattice". */
export const vpcLattice: Source<LatticeEvent, LatticeResult> = {
  name: 'vpc-lattice',
  resultLimit: lambdaResultLimit,
  matches: (event): event is LatticeEvent =>
    typeof object(object(event)?.requestContext)?.serviceArn === 'string' && typeof object(event)?.method === 'string',
  decode: (event) => new DecodedRequest(reader, event, event.method, pathOf(event.path), ''),
  encode,
}

/** VPC Lattice, event structure version 1: no request context, names with underscores. */
export const vpcLatticeV1: Source<LatticeEventV1, LatticeResult> = {
  name: 'vpc-lattice',
  resultLimit: lambdaResultLimit,
  matches: (event): event is LatticeEventV1 =>
    typeof object(event)?.raw_path === 'string' && typeof object(event)?.method === 'string',
  decode: (event) => new DecodedRequest(readerLatticeV1, event, event.method, pathOf(event.raw_path), ''),
  encode,
}

const common = {
  remoteAddress: (_event: unknown, request) => forwardedFor(request),
  protocol: (_event: unknown, request) => forwardedProto(request, 'https'),
  domainName: () => undefined,
  // A client can write a header, so no id is taken from one.
  requestId: () => undefined,
} satisfies Partial<EventReader<unknown>>

const reader: EventReader<LatticeEvent> = {
  ...common,
  rawHeaders: (event) => linesOf(undefined, event.headers),
  fieldLines: (event, name) => valuesOfField(undefined, event.headers, name),
  query: (event) => queryOf(event.path, event.queryStringParameters ?? event.query_string_parameters),
  body: (event) => event.body,
  isBase64: (event) => event.isBase64Encoded === true,
  identity: (event) => identityLattice(object(event.requestContext.identity)),
}

// Version 1 has the caller's identity in a header alone. A client can write a header, so it proves nothing.
const readerLatticeV1: EventReader<LatticeEventV1> = {
  ...common,
  rawHeaders: (event) => linesOf(undefined, event.headers),
  fieldLines: (event, name) => valuesOfField(undefined, event.headers, name),
  query: (event) => queryOf(event.raw_path, event.query_string_parameters),
  body: (event) => event.body,
  isBase64: (event) => event.is_base64_encoded === true,
  identity: () => undefined,
}

const pathOf = (target: unknown): string => encodedPath(text(target)?.split('?', 1)[0])

/**
 * The query in the path, which is raw, or otherwise the map, taken as decoded: AWS does not say so, but then a value that
 * holds `%20` stays what it is, and nothing is decoded twice.
 */
function queryOf(path: unknown, members: Members | null | undefined): string {
  const target = text(path)
  const start = target?.indexOf('?') ?? -1
  return start >= 0 ? target!.slice(start + 1) : joinQuery(queryPairs(undefined, members), encodeMember)
}

function encode(response: BufferedResponse, { method }: { readonly method: string }): LatticeResult {
  const isBase64Encoded = needsBase64(response)
  return {
    statusCode: response.status,
    ...statusDescription(response),
    headers: encodeFields<string | string[]>(response.headers, joinFields, method === 'HEAD'),
    body: encodeBody(response.body, isBase64Encoded),
    isBase64Encoded,
  }
}

/** Cookies as a list: joined, they would read as one cookie with unknown attributes. Requests have lists as well. */
const joinFields = (lines: string[], name: string): string | string[] | undefined =>
  name === 'set-cookie' && lines.length > 1 ? lines : joinLines(lines)
