import type { Identity } from './message.ts'

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
    iam: identity && iamOf(identity, identity.user, identity.cognitoIdentityId, identity.cognitoIdentityPoolId),
    clientCertificate: certificateOf(object(identity?.clientCert)),
    apiKeyId: text(identity?.apiKeyId),
  })
}

/** HTTP API 2.0 and function URLs: one member for each kind of authorizer. */
export function identityV2(authorizer: Json | undefined, authentication: Json | undefined): Identity | undefined {
  const jwt = object(authorizer?.jwt)
  const iam = object(authorizer?.iam)
  const cognito = object(iam?.cognitoIdentity)
  return settle({
    claims: copy(object(jwt?.claims)),
    scopes: list(jwt?.scopes),
    context: copy(object(authorizer?.lambda)),
    iam: iam && iamOf(iam, iam.userId, cognito?.identityId, cognito?.identityPoolId),
    clientCertificate: certificateOf(object(authentication?.clientCert)),
  })
}

/** VPC Lattice 2.0: who signed the request, and what IAM Roles Anywhere says of the certificate behind the session. */
export function identityLattice(identity: Json | undefined): Identity | undefined {
  if (identity === undefined) return undefined
  const { principal, principalOrgID, principalOrgId, x509SubjectCn, x509SanDns, x509IssuerOu } = identity
  return settle({
    iam: prune({ userArn: text(principal), principalOrgId: text(principalOrgID) ?? text(principalOrgId) }),
    clientCertificate: prune({ subject: text(x509SubjectCn) ?? text(x509SanDns), issuer: text(x509IssuerOu) }),
  })
}

/** Drops what is absent and names the subject: the strongest evidence first. */
function settle(parts: Parts): Identity | undefined {
  const sub = text(parts.claims?.sub)
  parts.subject = sub ?? parts.subject ?? parts.iam?.userArn ?? parts.clientCertificate?.subject
  return prune(parts)
}

const iamOf = (from: Json, userId: unknown, identityId: unknown, poolId: unknown): Identity['iam'] => {
  const iam = {
    accessKey: text(from.accessKey),
    userArn: text(from.userArn),
    userId: text(userId),
    principalOrgId: text(from.principalOrgId),
    cognitoIdentityId: text(identityId),
    cognitoIdentityPoolId: text(poolId),
  }
  // An account alone is no signature: API Gateway writes it for an API key too.
  return prune(iam) && prune({ accountId: text(from.accountId), ...iam })
}

const certificateOf = (from: Json | undefined): Identity['clientCertificate'] => {
  const validity = object(from?.validity)
  return prune({
    pem: text(from?.clientCertPem),
    subject: text(from?.subjectDN),
    issuer: text(from?.issuerDN),
    serialNumber: text(from?.serialNumber),
    notBefore: text(validity?.notBefore),
    notAfter: text(validity?.notAfter),
  })
}

const notContext = ['principalId', 'integrationLatency', 'claims', 'scopes', 'jwt']

const list = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(String) : undefined)

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
