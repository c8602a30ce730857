import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  albEvent,
  type EventDescription,
  functionUrlEvent,
  httpApiEvent,
  latticeEvent,
  restApiEvent,
} from '../src/events.ts'

// Every recorded event is built again from the request and the settings that it tells of, and must come out the same
// but for what is named as left out, with the reason.

// biome-ignore lint/suspicious/noExplicitAny: a recording is JSON of any shape
type Recorded = any

const recording = (path: string): Recorded =>
  JSON.parse(readFileSync(new URL(`../fixtures/events/${path}.json`, import.meta.url), 'utf8'))

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** The event without some members, by their paths. */
function without(event: Recorded, paths: string[]): Recorded {
  const copy = structuredClone(event)
  for (const path of paths) {
    const keys = path.split('/')
    const last = keys.pop()!
    const holder = keys.reduce((value, key) => value?.[key], copy)
    if (holder) delete holder[last]
  }
  return copy
}

/** Header lines as the client sent them: without what the gateway added, and only the addresses before the last. */
function sentHeaders(headers: Record<string, string | string[]>, added: string[]): [string, string][] {
  return Object.entries(headers).flatMap(([name, values]) => {
    if (name.toLowerCase() === 'x-forwarded-for') return earlierAddresses(name, String(values))
    if (added.includes(name.toLowerCase())) return []
    return [values].flat().map((value): [string, string] => [name, value])
  })
}

function earlierAddresses(name: string, value: string): [string, string][] {
  const earlier = value.split(', ').slice(0, -1).join(', ')
  return earlier === '' ? [] : [[name, earlier]]
}

const forwarded = ['x-forwarded-port', 'x-forwarded-proto', 'x-forwarded-for']

describe('REST API', () => {
  const names = [
    'recorded-with-params-encoding-localstack',
    'recorded-with-params-encoding-multi-localstack',
    'recorded-with-path-encoded-email-localstack',
    'recorded-with-prepended-slash-localstack',
    'recorded-with-trailing-slash-and-query-params-localstack',
    'recorded-without-trailing-slash-and-query-params-localstack',
    'recorded-without-trailing-slash-localstack',
  ]
  // The recorder wrote placeholders in place of these, some of them of another type, and parsed a JSON body.
  const leftOut = [
    'body',
    'headers/X-Forwarded-For',
    'headers/X-Forwarded-Port',
    'headers/X-Forwarded-Proto',
    'multiValueHeaders/X-Forwarded-For',
    'multiValueHeaders/X-Forwarded-Port',
    'multiValueHeaders/X-Forwarded-Proto',
    'requestContext/domainPrefix',
    'requestContext/requestTime',
    'requestContext/requestTimeEpoch',
  ]

  it.each(names)('%s', (name) => {
    const event = recording(`rest-v1/${name}`)
    const context = event.requestContext
    const built = restApiEvent({
      method: event.httpMethod,
      path: context.path.slice('/stage'.length),
      query: Object.entries<string[]>(event.multiValueQueryStringParameters ?? {}).flatMap(([key, values]) =>
        values.map((value): [string, string] => [key, value]),
      ),
      // Content-Length and Connection were sent too, and are not in the recording.
      headers: [
        ...sentHeaders(event.multiValueHeaders, forwarded),
        ['content-length', '26'],
        ['connection', 'keep-alive'],
      ],
      body: event.body ?? undefined,
      stage: 'stage',
      domainName: context.domainName,
      accountId: context.accountId,
      apiId: context.apiId,
      deploymentId: context.deploymentId,
      extendedRequestId: context.extendedRequestId,
      requestId: context.requestId,
      resourceId: context.resourceId,
      sourceIp: context.identity.sourceIp,
    })
    expect(without(plain(built), leftOut)).toEqual(without(event, leftOut))
    expect(built.body === null).toBe(event.body === null)
  })
})

describe('HTTP API, payload 2.0', () => {
  const cases: [name: string, leftOut: string[]][] = [
    // Without a body: this one, of before the launch, says base64; the later one below does not.
    ['named-stage-prefix-cookies-no-body-key-devguide', ['isBase64Encoded']],
    ['no-authorizer-no-query-no-body-key-go', []],
    // The sample's parameters are not those of its path, its content-length was taken out, its domain replaced.
    ['path-parameters-bref', ['pathParameters', 'headers/content-length', 'requestContext/domainPrefix']],
  ]

  it.each(cases)('%s', (name, leftOut) => {
    const event = recording(`http-api-v2/${name}`)
    expect(without(plain(httpApiEvent(v2Description(event))), leftOut)).toEqual(without(event, leftOut))
  })
})

describe('function URL', () => {
  const cases: [name: string, leftOut: string[]][] = [
    // The account's own data was replaced by an empty object.
    ['iam-headers-cookies-text-body-go', ['requestContext/authorizer']],
    ['iam-get-root-domain-only-go', ['requestContext/authorizer']],
    ['iam-get-root-trailing-slash-go', ['requestContext/authorizer']],
    ['anonymous-recorded-curl-swift', []],
    // The user agent of the context was replaced by "agent".
    ['anonymous-get-root-no-body-key-powertools-py', ['requestContext/http/userAgent']],
  ]

  it.each(cases)('%s', (name, leftOut) => {
    const event = recording(`function-url/${name}`)
    const built = functionUrlEvent({ ...v2Description(event), cookies: undefined })
    expect(without(plain(built), leftOut)).toEqual(without(event, leftOut))
  })
})

function v2Description(event: Recorded): EventDescription {
  const { http, authentication, authorizer, ...context } = event.requestContext
  const cert = authentication?.clientCert
  const stagePrefix = context.stage === '$default' ? '' : `/${context.stage}`
  return {
    method: http.method,
    path: event.rawPath.slice(stagePrefix.length),
    query: event.rawQueryString,
    headers: sentHeaders(event.headers, [...forwarded, 'content-length']),
    cookies: event.cookies,
    body: event.body,
    stage: context.stage,
    resource: context.routeKey.split(' ')[1],
    routeKey: context.routeKey,
    sourceIp: http.sourceIp,
    httpVersion: http.protocol,
    accountId: context.accountId,
    apiId: context.apiId,
    requestId: context.requestId,
    domainName: context.domainName,
    time: context.timeEpoch,
    iam: authorizer?.iam,
    clientCertificate: cert && {
      pem: cert.clientCertPem,
      subject: cert.subjectDN,
      issuer: cert.issuerDN,
      serialNumber: cert.serialNumber,
      ...cert.validity,
    },
  }
}

describe('ALB', () => {
  const cases: [name: string, leftOut: string[]][] = [
    ['multi-value-headers-post-users-serverless-express', []],
    ['multi-value-root-empty-query-datadog-js', []],
    ['single-value-headers-go', []],
    ['single-value-trace-headers-datadog', []],
    ['single-value-lambda-path-datadog-js', []],
    // An empty body without a type: this one says base64, the others that it is text.
    ['multi-value-query-string-encoded-bref', ['isBase64Encoded']],
    ['multi-value-query-string-with-numeric-keys-bref', ['isBase64Encoded']],
  ]

  it.each(cases)('%s', (name, leftOut) => {
    const event = recording(`alb/${name}`)
    const headers = event.multiValueHeaders ?? event.headers
    const query = event.multiValueQueryStringParameters ?? event.queryStringParameters
    const built = albEvent({
      method: event.httpMethod,
      path: event.path,
      query: Object.entries<string | string[]>(query)
        .flatMap(([key, values]) => [values].flat().map((value) => `${key}=${value}`))
        .join('&'),
      headers: sentHeaders(headers, forwarded),
      body: event.body === '' ? undefined : event.body,
      multiValueHeaders: event.multiValueHeaders !== undefined,
      sourceIp: String(headers['x-forwarded-for']).split(', ').at(-1),
      protocol: String(headers['x-forwarded-proto']) as 'http' | 'https',
      targetGroupArn: event.requestContext.elb.targetGroupArn,
    })
    expect(without(plain(built), leftOut)).toEqual(without(event, leftOut))
  })
})

describe('VPC Lattice', () => {
  it('v1-base-powertools-ts', () => {
    const event = recording('vpc-lattice/v1-base-powertools-ts')
    const built = latticeEvent({
      version: 1,
      method: event.method,
      path: event.raw_path,
      query: event.query_string_parameters,
      headers: [...sentHeaders(event.headers, forwarded), ['content-type', 'application/json']],
      body: event.body,
      sourceIp: event.headers['x-forwarded-for'],
    })
    // The sample has a JSON body without a content type.
    expect(without(plain(built), ['headers/content-type'])).toEqual(event)
  })

  it('v2-path-contains-query-base64-body-hono', () => {
    const event = recording('vpc-lattice/v2-path-contains-query-base64-body-hono')
    const built = latticeEvent({
      method: event.method,
      path: '/my/path',
      query: event.queryStringParameters,
      headers: sentHeaders(event.headers, []),
      body: Buffer.from(event.body, 'base64'),
      region: 'us-east-1',
      serviceArn: '',
      serviceNetworkArn: '',
      targetGroupArn: '',
      time: 1583348638390,
    })
    // The sample's path has its query as well, its identity is empty and its epoch ends in made-up microseconds.
    const leftOut = ['path', 'headers/x-forwarded-for', 'requestContext/identity', 'requestContext/timeEpoch']
    expect(without(plain(built), leftOut)).toEqual(without(event, leftOut))
    expect(built.requestContext.timeEpoch).toBe('1583348638390000')
  })
})
