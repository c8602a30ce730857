/** A client certificate, as mutual TLS shows it to the function. */
export interface ClientCertificate {
  pem?: string
  subject?: string
  issuer?: string
  serialNumber?: string
  notBefore?: string
  notAfter?: string
}

/** Who signed the request with Signature Version 4. */
export interface IamIdentity {
  accountId?: string
  accessKey?: string
  userArn?: string
  userId?: string
  callerId?: string
  principalOrgId?: string
  cognitoIdentityId?: string
  cognitoIdentityPoolId?: string
}

/** What an authorizer found out; each source has its own place for it. */
export interface IdentityOptions {
  /** Claims of a verified token: a Cognito authorizer's on a REST API, a JWT authorizer's on an HTTP API. */
  claims?: Record<string, unknown>
  /** A JWT authorizer's result. */
  jwt?: { claims: Record<string, unknown>; scopes?: readonly string[] }
  /** A Cognito user pool authorizer's claims. */
  cognito?: Record<string, unknown>
  iam?: IamIdentity
  /** A Lambda authorizer's context, with its `principalId` among the rest. */
  lambdaAuthorizer?: Record<string, unknown>
  clientCertificate?: ClientCertificate
  /** The usage plan's key: its id. */
  apiKeyId?: string
  /** The usage plan's key itself; default is the request's `x-api-key`. */
  apiKey?: string
}

/** The certificate's shape in API Gateway's events, payload 1.0, 2.0 and REST alike. */
export function clientCert(certificate: ClientCertificate) {
  return {
    clientCertPem: certificate.pem ?? '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    subjectDN: certificate.subject ?? 'CN=client.example.com',
    issuerDN: certificate.issuer ?? 'CN=Example CA',
    serialNumber: certificate.serialNumber ?? '1',
    validity: {
      notBefore: certificate.notBefore ?? 'Jan  1 00:00:00 2025 GMT',
      notAfter: certificate.notAfter ?? 'Jan  1 00:00:00 2035 GMT',
    },
  }
}

/** API Gateway hands every Cognito claim and every REST authorizer's context value on as a string. */
export function toStrings(values: Record<string, unknown>): Record<string, string> {
  const strings: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(values)) {
    strings[name] = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
  }
  return strings
}

/** `requestContext.authorizer` of a REST API; `undefined` (the key is absent) without an authorizer. */
export function restAuthorizer(identity: IdentityOptions): Record<string, unknown> | undefined {
  if (identity.lambdaAuthorizer !== undefined) {
    const { principalId = 'user', ...context } = identity.lambdaAuthorizer
    return { ...toStrings(context), principalId: String(principalId), integrationLatency: 1 }
  }
  const claims = identity.cognito ?? identity.claims ?? identity.jwt?.claims
  return claims === undefined ? undefined : { claims: toStrings(claims) }
}

/** `requestContext.authorizer` of payload 2.0. */
export function authorizerV2(identity: IdentityOptions): Record<string, unknown> | undefined {
  if (identity.lambdaAuthorizer !== undefined) return { lambda: identity.lambdaAuthorizer }
  if (identity.iam !== undefined) return { iam: iamV2(identity.iam) }
  const claims = identity.jwt?.claims ?? identity.claims ?? identity.cognito
  if (claims === undefined) return undefined
  return { jwt: { claims: jwtClaims(claims), scopes: identity.jwt?.scopes ? [...identity.jwt.scopes] : null } }
}

/** An HTTP API writes claims as strings, and lists in brackets: `[admin staff]`. */
function jwtClaims(claims: Record<string, unknown>): Record<string, string> {
  const flat = Object.entries(claims).map(([name, value]) => [
    name,
    Array.isArray(value) ? `[${value.map(String).join(' ')}]` : value,
  ])
  return toStrings(Object.fromEntries(flat))
}

/** `authorizer.iam` of payload 2.0: an HTTP API's and a function URL's. */
export function iamV2(iam: IamIdentity) {
  const cognito =
    iam.cognitoIdentityId === undefined
      ? null
      : { amr: ['authenticated'], identityId: iam.cognitoIdentityId, identityPoolId: iam.cognitoIdentityPoolId ?? null }
  return {
    accessKey: iam.accessKey ?? 'ASIAEXAMPLE',
    accountId: iam.accountId ?? '123456789012',
    callerId: iam.callerId ?? iam.userId ?? 'AIDAEXAMPLE',
    cognitoIdentity: cognito,
    principalOrgId: iam.principalOrgId ?? null,
    userArn: iam.userArn ?? 'arn:aws:iam::123456789012:user/example',
    userId: iam.userId ?? 'AIDAEXAMPLE',
  }
}

/** `requestContext.identity` of a REST API and of payload 1.0; every recorded event has these twelve keys. */
export function identityV1(options: IdentityOptions, sourceIp: string, userAgent: string | undefined) {
  const { iam, apiKeyId, apiKey, clientCertificate } = options
  return {
    accessKey: iam === undefined ? null : (iam.accessKey ?? 'ASIAEXAMPLE'),
    accountId: iam === undefined ? null : (iam.accountId ?? '123456789012'),
    caller: iam === undefined ? null : (iam.callerId ?? iam.userId ?? 'AIDAEXAMPLE'),
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: iam?.cognitoIdentityId === undefined ? null : 'authenticated',
    cognitoIdentityId: iam?.cognitoIdentityId ?? null,
    cognitoIdentityPoolId: iam?.cognitoIdentityPoolId ?? null,
    principalOrgId: iam?.principalOrgId ?? null,
    sourceIp,
    user: iam === undefined ? null : (iam.userId ?? 'AIDAEXAMPLE'),
    userAgent: userAgent ?? null,
    userArn: iam === undefined ? null : (iam.userArn ?? 'arn:aws:iam::123456789012:user/example'),
    ...(apiKeyId === undefined && apiKey === undefined
      ? {}
      : { apiKey: apiKey ?? 'example-key', apiKeyId: apiKeyId ?? 'key-id' }),
    ...(clientCertificate === undefined ? {} : { clientCert: clientCert(clientCertificate) }),
  }
}
