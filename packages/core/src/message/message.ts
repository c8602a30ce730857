import type { FormRecord } from './query.ts'

/**
 * Header fields by lower-case name: a string, or an array if a field has several lines.
 * The record inherits nothing, so `__proto__` and `constructor` are names like any other.
 */
export type HttpHeaders = Record<string, string | string[]>

const Fields = function Fields() {} as unknown as new () => HttpHeaders // A function, whose prototype can be set.
Fields.prototype = Object.create(null)

/** An empty record of fields. V8 keeps what `Object.create(null)` makes as a dictionary, and takes six times as long. */
export const createHeaders = (): HttpHeaders => new Fields()

/** What a body is made of: text (sent as UTF-8) or bytes. */
export type Chunk = string | Uint8Array

export const isChunk = (value: unknown): value is Chunk => typeof value === 'string' || value instanceof Uint8Array

/**
 * A request as the gateway received it. Cheap to make: everything but `method` and `path` is worked out at first touch,
 * and the event behind it is never changed.
 */
export interface HttpRequest {
  /** The method, in upper case. */
  readonly method: string
  /** The path that the gateway authorised: percent-encoded, never normalised, starts with `/`, without `basePath`. */
  readonly path: string
  /** What the gateway puts before the application's own paths (an HTTP API stage, a mapping): `''` or `/prod`. */
  readonly basePath: string
  /** The raw query string without `?`, percent-encoded; `''` if there is none. */
  readonly query: string
  /** The query's parameters, if the gateway decoded them; they are then not encoded only to be decoded again. */
  readonly decodedQuery?: FormRecord | undefined
  /** A copy of the fields, made at first touch; `content-length` is that of the body itself. */
  readonly headers: HttpHeaders
  /**
   * One field as `headers` has it, by its name in lower case, without making `headers`: most answers need one field or none.
   * A request without this method has `headers` at hand.
   */
  field?(name: string): string | string[] | undefined
  /** Name, value, name, value … in the order and case received, like Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[]
  /**
   * Text if the gateway sent text, bytes if it sent base64, `undefined` if there is none.
   * @throws HttpError 400 if the event's base64 is malformed.
   */
  readonly body: Chunk | undefined
  /** The address as the gateway gives it, which a client cannot forge; `undefined` if it gives none. */
  readonly remoteAddress: string | undefined
  /** How the client reached the gateway. */
  readonly protocol: 'http' | 'https'
  /** The host that the client asked for, with its port if it named one; `undefined` if the event has none. */
  readonly host: string | undefined
  /** The gateway's id of this request, for correlation. */
  readonly requestId: string | undefined
  /** Who the gateway found the client to be. */
  readonly identity: Identity | undefined
}

/** What an authorizer or mutual TLS found out; each part is there only if the gateway gave it. */
export interface Identity {
  /** Who it is in one word: the `sub` claim, a Lambda authorizer's principal, an IAM ARN, a certificate's subject. */
  readonly subject?: string
  /** Claims of a verified JSON Web Token: a Cognito or JWT authorizer. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** OAuth scopes that the route required and the token has. */
  readonly scopes?: readonly string[]
  /** What a Lambda authorizer returned as its context. */
  readonly context?: Readonly<Record<string, unknown>>
  /** Who signed the request with AWS Signature Version 4. */
  readonly iam?: {
    readonly accountId?: string
    readonly accessKey?: string
    readonly userArn?: string
    readonly userId?: string
    readonly principalOrgId?: string
    readonly cognitoIdentityId?: string
    readonly cognitoIdentityPoolId?: string
  }
  /** The client's certificate: mutual TLS. */
  readonly clientCertificate?: {
    readonly pem?: string
    readonly subject?: string
    readonly issuer?: string
    readonly serialNumber?: string
    readonly notBefore?: string
    readonly notAfter?: string
  }
  /** The id of the API key that a usage plan knows. */
  readonly apiKeyId?: string
}

/** An answer, before it takes the shape that an event source wants. */
export interface HttpResponse {
  /** 100 to 999. */
  readonly status: number
  /** The reason phrase, if the application set one. Only an ALB or Lattice can carry it. */
  readonly statusText?: string
  /** Field names in lower case; `set-cookie` has one array element for each cookie. */
  readonly headers: HttpHeaders
  /** Whole (text or bytes), or chunks as they come, which the runtime streams if it can and otherwise collects. */
  readonly body?: Chunk | AsyncIterable<Chunk>
}
