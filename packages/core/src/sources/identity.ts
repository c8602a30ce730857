import type { Identity } from '../message/message.ts'
import { written } from './fields.ts'

/** A member of an event: anything JSON, or absent. */
export type Json = Readonly<Record<string, unknown>>

/** A non-empty string, or nothing: gateways write `null`, `""` and nothing for the same thing. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** A JSON object, or nothing. */
export const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined

type Parts = { -readonly [Name in keyof Identity]: Identity[Name] }

/** REST API and HTTP API 1.0: `requestContext.authorizer` holds everything at once, `requestContext.identity` the rest. */
export function identityV1(authorizer: Json | undefined, identity: Json | undefined): Identity | undefined {
  const jwt = object(authorizer?.jwt) ?? authorizer
  return settle({
    subject: text(authorizer?.principalId),
    claims: copy(object(jwt?.claims)),
    scopes: list(jwt?.scopes),
    context: authorizer && copy(authorizer, notContext),
    iam: identity && iamOf(identity, 'user:userId', identity, 'cognitoIdentityId cognitoIdentityPoolId'),
    clientCertificate: certificateOf(object(identity?.clientCert)),
    apiKeyId: text(identity?.apiKeyId),
  })
}

/** HTTP API 2.0 and function URLs: one member for each kind of authorizer. */
export function identityV2(authorizer: Json | undefined, authentication: Json | undefined): Identity | undefined {
  const jwt = object(authorizer?.jwt)
  const iam = object(authorizer?.iam)
  return settle({
    claims: copy(object(jwt?.claims)),
    scopes: list(jwt?.scopes),
    context: copy(object(authorizer?.lambda)),
    iam: iam && iamOf(iam, 'userId', object(iam.cognitoIdentity), cognitoV2),
    clientCertificate: certificateOf(object(authentication?.clientCert)),
  })
}

const cognitoV2 = 'identityId:cognitoIdentityId identityPoolId:cognitoIdentityPoolId'

/** VPC Lattice 2.0: who signed the request, and what IAM Roles Anywhere says of the certificate behind the session. */
export function identityLattice(identity: Json | undefined): Identity | undefined {
  if (identity === undefined) return undefined
  return settle({
    iam: prune(pick(identity, 'principal:userArn principalOrgID:principalOrgId principalOrgId')),
    clientCertificate: prune(pick(identity, 'x509SanDns:subject x509SubjectCn:subject x509IssuerOu:issuer')),
  })
}

/** Drops what is absent and names the subject: the strongest evidence first. */
function settle(parts: Parts): Identity | undefined {
  const sub = text(parts.claims?.sub)
  parts.subject = sub ?? parts.subject ?? parts.iam?.userArn ?? parts.clientCertificate?.subject
  return prune(parts)
}

const iamMembers = 'accessKey userArn principalOrgId'

const iamOf = (from: Json, others: string, cognito: Json | undefined, cognitoMembers: string): Identity['iam'] => {
  const iam = prune({ ...pick(from, `${iamMembers} ${others}`), ...pick(cognito, cognitoMembers) })
  // An account alone is no signature: API Gateway writes it for an API key too.
  return iam && { ...pick(from, 'accountId'), ...iam }
}

const certificateOf = (from: Json | undefined): Identity['clientCertificate'] =>
  prune({
    ...pick(from, 'clientCertPem:pem subjectDN:subject issuerDN:issuer serialNumber'),
    ...pick(object(from?.validity), 'notBefore notAfter'),
  })

/** The texts among some members, under their own names or those after the colon. */
function pick(from: Json | undefined, members: string): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const member of members.split(' ')) {
    const [name = '', as = name] = member.split(':')
    const value = text(from?.[name])
    if (value !== undefined) picked[as] = value
  }
  return picked
}

const notContext = ['principalId', 'integrationLatency', 'claims', 'scopes', 'jwt']

const list = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(written) : undefined)

/** A copy without a prototype, so that a claim named `__proto__` is a claim; `undefined` where nothing is left. */
function copy(from: Json | undefined, without: readonly string[] = []): Json | undefined {
  const to: Record<string, unknown> = Object.create(null)
  let some = false
  for (const name of Object.keys(from ?? {})) {
    if (without.includes(name)) continue
    to[name] = from?.[name]
    some = true
  }
  return some ? to : undefined
}

function prune<T extends object>(record: T): T | undefined {
  const present = Object.entries(record).filter(([, value]) => value !== undefined)
  return present.length === 0 ? undefined : (Object.fromEntries(present) as T)
}
