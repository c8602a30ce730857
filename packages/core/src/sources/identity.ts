import type { Identity } from '../message/message.ts'
import { type Members, object, text, written } from './members.ts'

type Parts = { -readonly [Name in keyof Identity]: Identity[Name] }

/** REST API and HTTP API 1.0: `requestContext.authorizer` holds everything at once, `requestContext.identity` the rest. */
export function identityV1(authorizer: Members | undefined, identity: Members | undefined): Identity | undefined {
  const jwt = object(authorizer?.jwt) ?? authorizer
  return settle({
    subject: text(authorizer?.principalId),
    claims: copy(object(jwt?.claims)),
    scopes: list(jwt?.scopes),
    context: authorizer && copy(authorizer, notContext),
    iam: identity && iamOf(identity, iamV1, identity, cognitoV1),
    clientCertificate: certificateOf(object(identity?.clientCert)),
    apiKeyId: text(identity?.apiKeyId),
  })
}

/** HTTP API 2.0 and function URLs: one member for each kind of authorizer. */
export function identityV2(authorizer: Members | undefined, authentication: Members | undefined): Identity | undefined {
  const jwt = object(authorizer?.jwt)
  const iam = object(authorizer?.iam)
  return settle({
    claims: copy(object(jwt?.claims)),
    scopes: list(jwt?.scopes),
    context: copy(object(authorizer?.lambda)),
    iam: iam && iamOf(iam, iamV2, object(iam.cognitoIdentity), cognitoV2),
    clientCertificate: certificateOf(object(authentication?.clientCert)),
  })
}

/** VPC Lattice 2.0: who signed the request, and what IAM Roles Anywhere says of the certificate behind the session. */
export function identityLattice(identity: Members | undefined): Identity | undefined {
  if (identity === undefined) return undefined
  return settle({
    iam: prune(pick(identity, iamLattice)),
    clientCertificate: prune(pick(identity, certificateLattice)),
  })
}

/** Drops what is absent and names the subject: the strongest evidence first. */
function settle(parts: Parts): Identity | undefined {
  const sub = text(parts.claims?.sub)
  parts.subject = sub ?? parts.subject ?? parts.iam?.userArn ?? parts.clientCertificate?.subject
  return prune(parts)
}

type Iam = NonNullable<Identity['iam']>
type Certificate = NonNullable<Identity['clientCertificate']>

/** Members of an event by their names there, and the name that each has in an identity; of two with one name the later counts. */
type Names<Part> = Readonly<Record<string, keyof Part & string>>

const iamMembers: Names<Iam> = { accessKey: 'accessKey', userArn: 'userArn', principalOrgId: 'principalOrgId' }
const iamV1: Names<Iam> = { ...iamMembers, user: 'userId' }
const iamV2: Names<Iam> = { ...iamMembers, userId: 'userId' }
const cognitoV1: Names<Iam> = {
  cognitoIdentityId: 'cognitoIdentityId',
  cognitoIdentityPoolId: 'cognitoIdentityPoolId',
}
const cognitoV2: Names<Iam> = { identityId: 'cognitoIdentityId', identityPoolId: 'cognitoIdentityPoolId' }
const iamLattice: Names<Iam> = {
  principal: 'userArn',
  principalOrgID: 'principalOrgId',
  principalOrgId: 'principalOrgId',
}
const certificateMembers: Names<Certificate> = {
  clientCertPem: 'pem',
  subjectDN: 'subject',
  issuerDN: 'issuer',
  serialNumber: 'serialNumber',
}
const validityMembers: Names<Certificate> = { notBefore: 'notBefore', notAfter: 'notAfter' }
const certificateLattice: Names<Certificate> = {
  x509SanDns: 'subject',
  x509SubjectCn: 'subject',
  x509IssuerOu: 'issuer',
}

function iamOf(
  from: Members,
  names: Names<Iam>,
  cognito: Members | undefined,
  cognitoNames: Names<Iam>,
): Identity['iam'] {
  const iam = prune({ ...pick(from, names), ...pick(cognito, cognitoNames) })
  // An account alone is no signature: API Gateway writes it for an API key too.
  return iam && { ...pick(from, { accountId: 'accountId' }), ...iam }
}

const certificateOf = (from: Members | undefined): Identity['clientCertificate'] =>
  prune({
    ...pick(from, certificateMembers),
    ...pick(object(from?.validity), validityMembers),
  })

/** The texts among some members, under their names in an identity. */
function pick(from: Members | undefined, names: Readonly<Record<string, string>>): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name in names) {
    const value = text(from?.[name])
    if (value !== undefined) picked[names[name]!] = value
  }
  return picked
}

const notContext = ['principalId', 'integrationLatency', 'claims', 'scopes', 'jwt']

const list = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(written) : undefined)

/** A copy without a prototype, so that a claim named `__proto__` is a claim; `undefined` if nothing is left. */
function copy(from: Members | undefined, without: readonly string[] = []): Members | undefined {
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
