import { describe, expect, test } from 'vitest'
import { UnsupportedEventError } from '../src/entry/other-event.ts'
import { HttpError } from '../src/message/errors.ts'
import type { HttpRequest } from '../src/message/message.ts'
import { describeEvent } from '../src/sources/describe-event.ts'
import { detectSource, sources } from '../src/sources/detect.ts'
import { fixture, fixtures } from './event-fixtures.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes, read here without the decoders' help
type Event = Record<string, any>

/** Samples whose body is not the base64 that their flag promises; each was edited by hand. */
const notBase64 = new Set([
  'multi-value-base64-flag-dotnet.json',
  'post-base64-flag-validation-in-powertools-java.json',
  'post-base64-flag-validation-out-powertools-java.json',
  'post-base64-flag-validation-valid-powertools-java.json',
  'single-value-base64-flag-dotnet.json',
  'base64-flag-with-plain-body-serverless-http.json',
  'custom-domain-base-path-in-request-context-serverless-http.json',
  'no-version-field-no-authorizer-default-stage-body-on-get-powertools-py.json',
  'path-trailing-slash-powertools-py.json:http-api-v1',
  'base64-body-jwt-authorizer-dotnet.json',
  'named-stage-prefix-cookies-body-devguide.json',
  'base64-flag-json-body-powertools-py.json',
])

const http = [
  ['rest-v1', 'rest-api'],
  ['http-api-v1', 'http-api'],
  ['http-api-v2', 'http-api'],
  ['function-url', 'function-url'],
  ['alb', 'alb'],
  ['vpc-lattice', 'vpc-lattice'],
] as const

describe.each(http)('every sample of %s', (kind, name) => {
  test.each(fixtures(kind))('%s', (file, event: Event) => {
    const source = detectSource(event)
    expect(source?.name).toBe(name)
    const request = source!.decode(event)
    expect(request.method).toBe(event.httpMethod ?? event.method ?? event.requestContext.http.method)
    expect(request.basePath + (request.path === '/' && request.basePath ? '' : request.path)).toBe(
      fullPath(kind, event),
    )
    expectHeaders(request, event)
    expectQuery(request, event)
    expectBody(request, event, notBase64.has(file) || notBase64.has(`${file}:${kind}`))
    expect(['http', 'https']).toContain(request.protocol)
    const result = source!.encode({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'é' }, event)
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    expect(result).toMatchObject({ statusCode: 200, body: 'é', isBase64Encoded: false })
  })
})

/** Where the samples show it: the path before a stage or mapping is told apart. */
function fullPath(kind: string, event: Event): string {
  if (kind === 'vpc-lattice') return (event.raw_path ?? event.path).replace(/\?.*/, '')
  if (kind === 'alb') return event.path
  if (kind === 'rest-v1') {
    // The API's own host has the stage in its URL, which requestContext.path shows.
    const { stage, path: full } = event.requestContext ?? {}
    const staged = `/${stage}${event.path === '/' ? '' : event.path}`
    return full === staged || full === `${staged}/` ? staged : (event.path ?? '/')
  }
  const whole = event.requestContext.path ?? event.requestContext.http?.path
  const path = event.path ?? event.rawPath ?? whole
  const longer = whole?.endsWith(path) ? whole : path
  return (longer.startsWith('/') ? longer : `/${longer}`).replaceAll(' ', '%20')
}

function expectHeaders(request: HttpRequest, event: Event): void {
  const { headers } = request
  expect([headers.constructor, headers.toString, headers.valueOf]).toEqual([undefined, undefined, undefined])
  expect(request.rawHeaders.length % 2).toBe(0)
  const names = Object.keys({ ...event.headers, ...event.multiValueHeaders }).map((name) => name.toLowerCase())
  const added = ['content-length', 'cookie']
  for (const name of names) if (!added.includes(name)) expect(headers[name] ?? []).toEqual(values(event, name))
  for (const name in headers) if (!added.includes(name)) expect(names).toContain(name)
  if (event.cookies?.length) expect(headers.cookie).toBe(event.cookies.join('; '))
}

function values(event: Event, name: string): unknown {
  const pick = (fields: Event = {}): unknown =>
    Object.entries(fields ?? {}).find(([key]) => key.toLowerCase() === name)?.[1]
  const value = pick(event.multiValueHeaders) ?? pick(event.headers)
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}

function expectQuery({ query }: HttpRequest, event: Event): void {
  const pairs = pairsOf(event)
  if (event.rawQueryString !== undefined) expect(query).toBe(event.rawQueryString)
  // An ALB's names and values are in the query as they stand in the event.
  else if (event.requestContext?.elb)
    expect(query.split('&').toSorted()).toEqual(pairs.length ? pairs.toSorted() : [''])
  else expect(query.split('&').map(decodeURIComponent).toSorted()).toEqual(pairs.length ? pairs.toSorted() : [''])
}

const pairsOf = (event: Event): string[] =>
  Object.entries<unknown>({
    ...(event.queryStringParameters ?? event.query_string_parameters),
    ...event.multiValueQueryStringParameters,
  }).flatMap(([name, value]) => [value].flat().map((item) => `${name}=${item}`))

function expectBody(request: HttpRequest, event: Event, malformed: boolean): void {
  const { body } = event
  const length = request.headers['content-length']
  if (malformed) {
    expect(() => request.body).toThrow(HttpError)
    expect(() => request.body).toThrow('The request body is not valid base64')
  } else if (body === undefined || body === null || body === '') {
    expect(request.body).toBeUndefined()
    expect([undefined, '0']).toContain(length)
  } else if (event.isBase64Encoded === true || event.is_base64_encoded === true) {
    expect(Buffer.from(request.body as Uint8Array).toString('base64')).toBe(body)
    expect(length).toBe(String(request.body!.length))
  } else {
    expect(request.body).toBe(typeof body === 'string' ? body : JSON.stringify(body))
    expect(length).toBe(String(Buffer.byteLength(request.body as string)))
  }
}

describe('one event has one source', () => {
  test.each(http)('%s', (kind, name) => {
    for (const [, event] of fixtures(kind)) {
      const names = new Set(sources.filter((source) => source.matches(event)).map((source) => source.name))
      // An event in format 1.0 also is all that a REST API's is: the order decides.
      names.delete(name === 'http-api' ? 'rest-api' : name)
      expect([...names]).toEqual(name === 'http-api' ? ['http-api'] : [])
    }
  })
})

describe('what is not HTTP is refused by name', () => {
  test.each(fixtures('websocket'))('websocket %s', (_file, event) =>
    expectRefusal(event, 'an API Gateway WebSocket event'),
  )
  test.each(fixtures('edge'))('edge %s', (_file, event) => expectRefusal(event, 'a Lambda@Edge event'))

  const kinds: [prefix: RegExp, kind: RegExp][] = [
    [/^activemq|^rabbitmq/, /^an Amazon MQ event$/],
    [/^appsync-(authorizer|lambda)/, /^an AppSync authorizer request$/],
    [/^appsync-identity/, /^an event with the members sub, issuer/],
    [/^autoscaling|^codebuild|^eventbridge-details/, /^an EventBridge event$/],
    [/^bedrock/, /^a Bedrock agent request$/],
    [/^clientvpn/, /^an event with the members connection-id/],
    [/^cloudformation/, /^a CloudFormation custom resource request$/],
    [/^cloudwatch/, /^a CloudWatch Logs event$/],
    [/^code-commit/, /^a CodeCommit event$/],
    [/^cognito/, /^a Cognito trigger$/],
    [/^connect/, /^an Amazon Connect event$/],
    [/^dynamodb/, /^a DynamoDB stream event$/],
    [/^eventbridge-schedule|^scheduled/, /^a scheduled event$/],
    [/^kafka/, /^a Kafka event$/],
    [/^kinesis/, /^a Kinesis event$/],
    [/^lambda-authorizer/, /^a Lambda authorizer request$/],
    [/^lambda-destination/, /^a Lambda destination event$/],
    [/^s3-batch/, /^an S3 batch operation$/],
    [/^s3-object/, /^an S3 Object Lambda request$/],
    [/^s3/, /^an S3 event$/],
    [/^ses/, /^an SES event$/],
    [/^sns-sqs/, /^an SQS event$/],
    [/^sns/, /^an SNS event$/],
    [/^sqs-batch/, /^an event with the members batchItemFailures$/],
    [/^sqs/, /^an SQS event$/],
    [/^warmup/, /^a warm-up ping$/],
  ]
  test.each(fixtures('non-http'))('non-http %s', (file, event) => {
    expectRefusal(event, kinds.find(([prefix]) => prefix.test(file))![1])
  })

  test.each<[string, unknown, string]>([
    ['serverless-plugin-warmup', { source: 'serverless-plugin-warmup' }, 'a warm-up ping'],
    ['a direct call', { action: 'reindex', since: 7 }, 'an event with the members action, since'],
    ['an AppSync resolver', { arguments: {}, info: { fieldName: 'a' } }, 'an AppSync resolver request'],
    ['a Step Functions task', { TaskToken: 'x', input: {} }, 'a Step Functions task'],
    ['nothing', {}, 'an event with the members '],
    ['null', null, 'a value of type null'],
    ['a string', 'hello', 'a value of type string'],
    ['an array', [], 'a value of type object'],
    ['unknown records', { Records: [{ eventSource: 'aws:new' }] }, 'an event from aws:new'],
    ['records of nothing', { Records: [] }, 'an event with the members Records'],
    ['a source that is a name of Object', { Records: [{ eventSource: 'constructor' }] }, 'an event from constructor'],
  ])('%s', (_name, event, kind) => expectRefusal(event, kind))
})

function expectRefusal(event: unknown, kind: string | RegExp): void {
  expect(detectSource(event)).toBeUndefined()
  if (typeof kind === 'string') expect(describeEvent(event)).toBe(kind)
  else expect(describeEvent(event)).toMatch(kind)
  expect(new UnsupportedEventError(event)).toMatchObject({ name: 'UnsupportedEventError', kind: describeEvent(event) })
}

describe('what the significant samples say', () => {
  const read = (path: string): HttpRequest => {
    const event = fixture(path)
    return detectSource(event)!.decode(event)
  }

  test('REST: a Lambda authorizer, IAM, a client certificate and an API key at once', () => {
    const { identity, remoteAddress, requestId } = read('rest-v1/full-identity-lambda-authorizer-go.json')
    expect(identity).toMatchObject({
      subject: 'admin',
      context: { clientId: 1, clientName: 'Exata' },
      iam: {
        accountId: 'theAccountId',
        userArn: 'theUserArn',
        userId: 'theUser',
        cognitoIdentityId: 'theCognitoIdentityId',
      },
      clientCertificate: {
        subject: 'www.example.com',
        issuer: 'Example issuer',
        notBefore: 'May 28 12:30:02 2019 GMT',
      },
      apiKeyId: 'theApiKeyId',
    })
    expect([remoteAddress, requestId]).toEqual(['192.168.196.186', 'deef4878-7910-11e6-8f14-25afc3e9ae33'])
  })

  test('REST: Cognito claims beside an authorizer context with numbers and booleans', () => {
    expect(read('rest-v1/custom-authorizer-number-and-boolean-context-dotnet.json').identity).toMatchObject({
      subject: 'test-id',
      claims: { sub: 'test-id' },
      context: { stringKey: "Hey there I'm a string!", numKey: 9, boolKey: true },
    })
  })

  test('REST: no identity of nothing but null', () => {
    expect(read('rest-v1/recorded-without-trailing-slash-localstack.json').identity).toBeUndefined()
  })

  test('HTTP API 1.0: JWT claims and scopes', () => {
    expect(read('http-api-v1/string-query-with-jwt-authorizer-serverless-http.json').identity).toEqual({
      claims: { claim1: 'value1', claim2: 'value2' },
      scopes: ['scope1', 'scope2'],
    })
  })

  test('HTTP API 2.0: a JWT and a Lambda authorizer', () => {
    expect(read('http-api-v2/lambda-and-jwt-authorizer-powertools-py.json').identity).toEqual({
      claims: { claim1: 'value1' },
      scopes: ['scope1', 'scope2'],
      context: { tenantId: '123-456-789-012' },
    })
  })

  test('HTTP API 2.0: a client certificate', () => {
    expect(read('http-api-v2/jwt-authorizer-client-cert-go.json').identity?.clientCertificate).toMatchObject({
      serialNumber: '1',
      notAfter: 'Aug  5 00:28:21 2120 GMT',
    })
  })

  test('function URL: IAM', () => {
    expect(read('function-url/iam-docs-sample-powertools-py.json').identity).toEqual({
      subject: 'arn:aws:iam::111122223333:user/example-user',
      iam: {
        accountId: '111122223333',
        accessKey: 'AKIA...',
        userArn: 'arn:aws:iam::111122223333:user/example-user',
        userId: 'AIDA...',
      },
    })
  })

  test('VPC Lattice: who signed', () => {
    expect(read('vpc-lattice/v2-iam-identity-powertools-py.json').identity).toMatchObject({
      subject: 'arn:aws:sts::123456789012:assumed-role/example-role/057d00f8b51257ba3c853a0f248943cf',
      clientCertificate: { subject: 'example.com' },
    })
  })

  test('an ALB has no identity, an address, and no id that a client could write', () => {
    const request = read('alb/multi-value-headers-post-users-serverless-express.json')
    expect(request).toMatchObject({
      identity: undefined,
      remoteAddress: '72.21.198.66',
      protocol: 'http',
      requestId: undefined,
      host: 'aws-ser-alb-p9y7dvwm0r42-2135869912.us-east-1.elb.amazonaws.com',
    })
  })
})
