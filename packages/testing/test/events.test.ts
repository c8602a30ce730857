import { describe, expect, it } from 'vitest'
import {
  albEvent,
  type EventDescription,
  functionUrlEvent,
  httpApiEvent,
  httpApiV1Event,
  latticeEvent,
  restApiEvent,
  toWireRequest,
} from '../src/events.ts'

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00])
const base64 = Buffer.from(png).toString('base64')

describe('a request in plain words', () => {
  it('takes the query as text, pairs, record or URLSearchParams', () => {
    const query = (value: EventDescription['query']) => toWireRequest({ query: value }).query
    expect(query('?a=1&b')).toBe('a=1&b')
    expect(query({ a: [1, 'x y'], b: true })).toBe('a=1&a=x%20y&b=true')
    expect(query([['a', '&']])).toBe('a=%26')
    expect(query(new URLSearchParams({ a: 'x y' }))).toBe('a=x+y')
    expect(toWireRequest({ path: '/p?z=1', query: { a: 2 } })).toMatchObject({ path: '/p', query: 'z=1&a=2' })
  })

  it('takes headers as a record with arrays or as pairs, and cookies beside them', () => {
    const { headers } = toWireRequest({ headers: { A: ['1', '2'], B: 3, C: undefined }, cookies: { x: '1', y: '2' } })
    expect(headers).toEqual([
      ['A', '1'],
      ['A', '2'],
      ['B', '3'],
      ['cookie', 'x=1; y=2'],
    ])
    expect(toWireRequest({ headers: [['A', '1']], cookies: ['x=1'] }).headers).toEqual([
      ['A', '1'],
      ['cookie', 'x=1'],
    ])
  })

  it('takes text, bytes and anything else as JSON, whose type it names', () => {
    expect(toWireRequest({ body: 'hé' }).body).toEqual(Buffer.from('hé'))
    expect(toWireRequest({ body: png }).body).toBe(png)
    const json = toWireRequest({ method: 'post', body: { a: 1 } })
    expect(json.method).toBe('POST')
    expect(json.headers).toEqual([['content-type', 'application/json']])
    expect(toWireRequest({ body: [1], headers: { 'Content-Type': 'application/vnd.x+json' } }).headers).toHaveLength(1)
    expect(toWireRequest({ body: null }).body).toBeUndefined()
  })

  it('refuses a path that is none', () => {
    expect(() => toWireRequest({ path: 'users' })).toThrow(
      new TypeError('A request\'s path starts with "/", this one does not: users'),
    )
  })
})

describe('every builder', () => {
  const builders = { restApiEvent, httpApiEvent, httpApiV1Event, functionUrlEvent, albEvent, latticeEvent }

  it.each(Object.entries(builders))('%s gives the same event each time, and never a changed input', (_name, build) => {
    const description = Object.freeze({ path: '/a', headers: Object.freeze({ A: 'b' }), body: Object.freeze({ a: 1 }) })
    expect(build(description)).toEqual(build(description))
  })

  it.each(Object.entries(builders))('%s takes __proto__ as a name like any other', (_name, build) => {
    const event = JSON.stringify(build({ query: '__proto__=1', headers: [['__proto__', '2']] }))
    expect(event.match(/"__proto__":/g)!.length).toBeGreaterThanOrEqual(2)
  })

  it.each(Object.entries(builders))('%s puts the client behind the addresses that it was sent', (_name, build) => {
    const event = build({ headers: { 'X-Forwarded-For': '203.0.113.9' }, sourceIp: '198.51.100.7' })
    expect(JSON.stringify(event)).toContain('203.0.113.9, 198.51.100.7')
  })
})

describe('REST API', () => {
  it('leaves the path encoded and without the stage, which requestContext.path has', () => {
    const event = restApiEvent({ path: '/a%20b/%C3%A9', stage: 'dev' })
    expect(event.path).toBe('/a%20b/%C3%A9')
    expect(event.requestContext.path).toBe('/dev/a%20b/%C3%A9')
    expect(event.pathParameters).toEqual({ proxy: 'a%20b/%C3%A9' })
  })

  it("has a custom domain's mapping in both paths, in place of the stage", () => {
    const event = restApiEvent({ path: '/users', basePath: 'v1', stage: 'dev' })
    expect(event.path).toBe('/v1/users')
    expect(event.requestContext).toMatchObject({ path: '/v1/users', stage: 'dev', domainName: 'api.example.com' })
    expect(event.pathParameters).toEqual({ proxy: 'users' })
  })

  it('collapses leading slashes in path only, and leaves inner ones', () => {
    const event = restApiEvent({ path: '//a//b' })
    expect(event.path).toBe('/a//b')
    expect(event.requestContext.path).toBe('/prod//a//b')
  })

  it('keeps a trailing slash in path and drops it from the proxy parameter', () => {
    expect(restApiEvent({ path: '/a/b/' })).toMatchObject({ path: '/a/b/', pathParameters: { proxy: 'a/b' } })
  })

  it('has the root as a resource of its own, which {proxy+} does not match', () => {
    expect(restApiEvent({ path: '/' })).toMatchObject({ resource: '/', pathParameters: null })
  })

  it('finds the parameters of a resource, unless they are given', () => {
    const resource = '/users/{id}/files/{file+}'
    expect(restApiEvent({ path: '/users/7/files/a/b', resource }).pathParameters).toEqual({ id: '7', file: 'a/b' })
    expect(restApiEvent({ path: '/x', resource, pathParameters: { id: '8' } }).pathParameters).toEqual({ id: '8' })
    expect(restApiEvent({ path: '/users', resource }).pathParameters).toBeNull()
  })

  it('decodes the query, + as a space; the last of repeats is in the single map and all are in the other', () => {
    const event = restApiEvent({ query: 'a=1&a=x+y%26&b&%C3%A9=%zz' })
    expect(event.queryStringParameters).toEqual({ a: 'x y&', b: '', é: '%zz' })
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1', 'x y&'], b: [''], é: ['%zz'] })
  })

  it('has null where there is nothing', () => {
    expect(restApiEvent()).toMatchObject({
      body: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      isBase64Encoded: false,
    })
  })

  it("keeps the client's spelling but for Authorization and User-Agent, and all values beside the last", () => {
    const event = restApiEvent({ headers: { authorization: 'x', 'user-agent': 'y', 'x-A': ['1', '2'] } })
    expect(event.headers).toMatchObject({ Authorization: 'x', 'User-Agent': 'y', 'x-A': '2' })
    expect(event.multiValueHeaders['x-A']).toEqual(['1', '2'])
  })

  it('lets Connection, Content-Length and their like not through', () => {
    const sent = { connection: 'close', 'content-length': '3', TE: 'trailers', Expect: '100-continue', referer: 'r' }
    const names = Object.keys(restApiEvent({ headers: sent, body: 'abc' }).headers)
    expect(names).toEqual([
      'referer',
      'Host',
      'X-Amzn-Trace-Id',
      'X-Forwarded-For',
      'X-Forwarded-Port',
      'X-Forwarded-Proto',
    ])
  })

  it('changes the method by X-HTTP-Method-Override', () => {
    const event = restApiEvent({ method: 'POST', headers: { 'X-HTTP-Method-Override': 'patch' } })
    expect([event.httpMethod, event.requestContext.httpMethod]).toEqual(['PATCH', 'PATCH'])
  })

  it.each([
    ['image/png', ['image/png'], true],
    ['IMAGE/PNG; q=1', ['image/*'], true],
    ['text/plain', ['*/*'], true],
    ['image/jpeg', ['image/png'], false],
    ['application/json', [], false],
    ['image/png', ['*/png'], false],
  ])('has a %s body with binary media types %j as base64: %s', (type, binaryMediaTypes, expected) => {
    const event = restApiEvent({ headers: { 'content-type': type }, body: png, binaryMediaTypes })
    expect(event.isBase64Encoded).toBe(expected)
    expect(event.body === base64).toBe(expected)
  })

  it('takes a body without a type for JSON', () => {
    expect(restApiEvent({ body: png, binaryMediaTypes: ['application/json'] }).isBase64Encoded).toBe(true)
  })

  it('destroys bytes that it takes for text', () => {
    expect(restApiEvent({ headers: { 'content-type': 'image/png' }, body: png }).body).toBe('\uFFFDPNG\uFFFD\0')
  })

  it("has a Cognito authorizer's claims as strings", () => {
    const { authorizer } = restApiEvent({ claims: { sub: 'u', exp: 5, groups: ['a'], ok: true } }).requestContext
    expect(authorizer).toEqual({ claims: { sub: 'u', exp: '5', groups: '["a"]', ok: 'true' } })
  })

  it("has a Lambda authorizer's context flat, as strings, beside the principal", () => {
    const { authorizer } = restApiEvent({ lambdaAuthorizer: { principalId: 'me', level: 3 } }).requestContext
    expect(authorizer).toEqual({ principalId: 'me', level: '3', integrationLatency: 1 })
  })

  it('has a signer, an API key and a client certificate among the identity, else only twelve keys', () => {
    const { identity } = restApiEvent({
      iam: { accountId: '1', accessKey: 'k', userArn: 'arn', userId: 'id', cognitoIdentityId: 'c' },
      apiKeyId: 'key-1',
      headers: { 'x-api-key': 'secret' },
      clientCertificate: { subject: 'CN=me' },
    }).requestContext
    expect(identity).toMatchObject({ accountId: '1', accessKey: 'k', userArn: 'arn', user: 'id', caller: 'id' })
    expect(identity).toMatchObject({ apiKey: 'secret', apiKeyId: 'key-1', cognitoIdentityId: 'c' })
    expect(identity.clientCert).toMatchObject({ subjectDN: 'CN=me', clientCertPem: expect.any(String) })
    expect(Object.keys(restApiEvent().requestContext.identity)).toHaveLength(12)
  })

  it('has no authorizer key without an authorizer', () => {
    expect(restApiEvent().requestContext).not.toHaveProperty('authorizer')
  })
})

describe('HTTP API, payload 2.0', () => {
  it('decodes the path, puts the stage before it and ends at a decoded question mark', () => {
    expect(httpApiEvent({ path: '/a%20b%2Fc%3Fd' }).rawPath).toBe('/a b/c')
    expect(httpApiEvent({ path: '/a', stage: 'dev' }).rawPath).toBe('/dev/a')
    expect(httpApiEvent({ path: '/%zz%C3' }).rawPath).toBe('/%zz%C3')
  })

  it("does not have a custom domain's mapping in rawPath", () => {
    const event = httpApiEvent({ path: '/a', basePath: '/v1/' })
    expect(event.rawPath).toBe('/a')
    expect(event.requestContext.http.path).toBe('/v1/a')
  })

  it('joins repeats with commas, decoded in the map and raw beside it', () => {
    const event = httpApiEvent({ query: 'a=1&a=x%2Cy&b=p+q', headers: { A: ['1', '2'] } })
    expect(event.rawQueryString).toBe('a=1&a=x%2Cy&b=p+q')
    expect(event.queryStringParameters).toEqual({ a: '1,x,y', b: 'p q' })
    expect(event.headers.a).toBe('1,2')
  })

  it('moves cookies out of the headers, of several lines too', () => {
    const event = httpApiEvent({
      headers: [
        ['Cookie', 'a=1; b=2'],
        ['cookie', 'c=3'],
      ],
    })
    expect(event.cookies).toEqual(['a=1', 'b=2', 'c=3'])
    expect(event.headers).not.toHaveProperty('cookie')
  })

  it('leaves out what is empty, instead of null', () => {
    const event = httpApiEvent()
    for (const key of ['body', 'queryStringParameters', 'cookies', 'pathParameters', 'stageVariables']) {
      expect(event).not.toHaveProperty(key)
    }
    expect(event.headers['content-length']).toBe('0')
  })

  it.each([
    ['application/json; charset=utf-8', false],
    ['text/html', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/x-www-form-urlencoded', true],
    ['application/vnd.api+json', true],
    ['image/png', true],
    [undefined, true],
  ])('has a body of type %s as base64: %s', (type, expected) => {
    const event = httpApiEvent({ headers: { 'content-type': type }, body: 'abc' })
    expect(event.isBase64Encoded).toBe(expected)
    expect(event.body).toBe(expected ? 'YWJj' : 'abc')
  })

  it('names the route and finds its parameters, decoded', () => {
    const event = httpApiEvent({ path: '/users/a%20b', resource: '/users/{id}' })
    expect(event.routeKey).toBe('ANY /users/{id}')
    expect(event.pathParameters).toEqual({ id: 'a b' })
    expect(httpApiEvent({ routeKey: 'GET /x' }).requestContext.routeKey).toBe('GET /x')
  })

  it('has authorizers each in its place', () => {
    const authorizer = (options: EventDescription) =>
      (httpApiEvent(options).requestContext as { authorizer?: unknown }).authorizer
    expect(authorizer({})).toBeUndefined()
    expect(authorizer({ claims: { sub: 'u', exp: 5, roles: ['a', 'b'] } })).toEqual({
      jwt: { claims: { sub: 'u', exp: '5', roles: '[a b]' }, scopes: null },
    })
    expect(authorizer({ jwt: { claims: { sub: 'u' }, scopes: ['read'] } })).toEqual({
      jwt: { claims: { sub: 'u' }, scopes: ['read'] },
    })
    expect(authorizer({ lambdaAuthorizer: { level: 3 } })).toEqual({ lambda: { level: 3 } })
    expect(authorizer({ iam: { accountId: '1', cognitoIdentityId: 'c', cognitoIdentityPoolId: 'p' } })).toMatchObject({
      iam: { accountId: '1', cognitoIdentity: { identityId: 'c', identityPoolId: 'p' } },
    })
  })

  it('is typed by its authorizer', () => {
    const jwt = httpApiEvent({ jwt: { claims: { sub: 'u' } } })
    const { level } = httpApiEvent({ lambdaAuthorizer: { level: 3 } }).requestContext.authorizer.lambda
    const { userId } = functionUrlEvent({ iam: { userId: 'id' } }).requestContext.authorizer.iam
    expect([jwt.requestContext.authorizer.jwt.claims.sub, level, userId]).toEqual(['u', 3, 'id'])
  })

  it('has a client certificate under authentication', () => {
    const { authentication } = httpApiEvent({ clientCertificate: { serialNumber: '7' } }).requestContext
    expect(authentication?.clientCert.serialNumber).toBe('7')
  })
})

describe('HTTP API, payload 1.0', () => {
  it('has a version, an encoded path with stage or mapping, and both maps', () => {
    const event = httpApiV1Event({ path: '/a%20b', stage: 'dev', query: 'a=1&a=2', headers: { 'X-A': ['1', '2'] } })
    expect(event).toMatchObject({ version: '1.0', path: '/dev/a%20b', queryStringParameters: { a: '2' } })
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1', '2'] })
    expect(event.multiValueHeaders['X-A']).toEqual(['1', '2'])
    expect(httpApiV1Event({ path: '/a', basePath: 'v1', stage: 'dev' }).path).toBe('/v1/a')
  })

  it('has claims and scopes, null without an authorizer', () => {
    expect(httpApiV1Event().requestContext.authorizer).toEqual({ claims: null, scopes: null })
    expect(httpApiV1Event({ jwt: { claims: { sub: 'u' }, scopes: ['s'] } }).requestContext.authorizer).toEqual({
      claims: { sub: 'u' },
      scopes: ['s'],
    })
    expect(httpApiV1Event({ lambdaAuthorizer: { level: 3 } }).requestContext.authorizer).toEqual({ level: 3 })
  })

  it('has null where there is nothing, and base64 by the same types as payload 2.0', () => {
    expect(httpApiV1Event()).toMatchObject({ body: null, pathParameters: null, queryStringParameters: null })
    expect(httpApiV1Event({ body: 'a' })).toMatchObject({ body: 'YQ==', isBase64Encoded: true })
    expect(httpApiV1Event({ path: '/users/7', resource: '/users/{id}' }).pathParameters).toEqual({ id: '7' })
  })
})

describe('function URL', () => {
  it('hands the path on as it came', () => {
    expect(functionUrlEvent({ path: '/pa2%Fth/a%20b' }).rawPath).toBe('/pa2%Fth/a%20b')
  })

  it('is known by its domain, and has no stage, route or authorizer but IAM', () => {
    const event = functionUrlEvent({ stage: 'dev', resource: '/{a}', path: '/x', claims: { sub: 'u' } })
    expect(event.requestContext.domainName).toBe('a1b2c3d4e5.lambda-url.us-east-1.on.aws')
    expect(event).toMatchObject({ routeKey: '$default', requestContext: { stage: '$default', accountId: 'anonymous' } })
    expect(event.requestContext).not.toHaveProperty('authorizer')
    expect(event).not.toHaveProperty('pathParameters')
    const signed = functionUrlEvent({ iam: { userId: 'id' } }).requestContext
    expect(signed).toMatchObject({
      accountId: '123456789012',
      authorizer: { iam: { userId: 'id', cognitoIdentity: null } },
    })
  })

  it('has cookies in the array and in the header', () => {
    const event = functionUrlEvent({
      headers: [
        ['cookie', 'a=1'],
        ['cookie', 'b=2'],
      ],
    })
    expect(event.cookies).toEqual(['a=1', 'b=2'])
    expect(event.headers.cookie).toBe('a=1; b=2')
  })

  it('has a length only with a body, whatever the client said', () => {
    expect(functionUrlEvent({ headers: { 'content-length': '9' } }).headers).not.toHaveProperty('content-length')
    expect(functionUrlEvent({ headers: { 'content-length': '9' }, body: 'abc' }).headers['content-length']).toBe('3')
  })

  it('has a form as base64', () => {
    const event = functionUrlEvent({ headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: 'abc' })
    expect(event).toMatchObject({ body: 'YWJj', isBase64Encoded: true })
  })
})

describe('ALB', () => {
  it('decodes neither path nor query', () => {
    const event = albEvent({ path: '/a%20b', query: 'a%5B%5D=x%20y&b=p+q' })
    expect(event.path).toBe('/a%20b')
    expect(event.queryStringParameters).toEqual({ 'a%5B%5D': 'x%20y', b: 'p+q' })
  })

  it('has the last of repeats, also of Cookie, and lists with the attribute on', () => {
    const description = {
      query: 'a=1&a=2',
      headers: [
        ['Cookie', 'a=1'],
        ['cookie', 'b=2'],
      ] as [string, string][],
    }
    const single = albEvent(description)
    expect(single).toMatchObject({ queryStringParameters: { a: '2' }, headers: { cookie: 'b=2' } })
    expect(single).not.toHaveProperty('multiValueHeaders')
    const multi = albEvent({ ...description, multiValueHeaders: true })
    expect(multi.multiValueQueryStringParameters).toEqual({ a: ['1', '2'] })
    expect(multi.multiValueHeaders?.cookie).toEqual(['a=1', 'b=2'])
    expect(multi).not.toHaveProperty('headers')
    expect(multi).not.toHaveProperty('queryStringParameters')
  })

  it('can be reached by plain http', () => {
    const { headers } = albEvent({ protocol: 'http' })
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'http', 'x-forwarded-port': '80' })
  })

  it.each([
    [{ 'content-type': 'application/json' }, false],
    [{ 'content-type': 'text/csv' }, false],
    [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }, true],
    [{ 'content-type': 'application/json', 'content-encoding': 'identity' }, true],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, true],
    [{}, true],
  ])('has a body with %j as base64: %s', (headers, expected) => {
    expect(albEvent({ headers, body: 'abc' }).isBase64Encoded).toBe(expected)
  })

  it('has the empty string for no body', () => {
    expect(albEvent()).toMatchObject({ body: '', isBase64Encoded: false })
  })
})

describe('VPC Lattice', () => {
  it('has lists in version 2, and single values in version 1', () => {
    const description = { path: '/a%20b', query: 'q=x%20y&q=z', headers: { A: ['1', '2'] } }
    const two = latticeEvent(description)
    expect(two).toMatchObject({ version: '2.0', path: '/a%20b', queryStringParameters: { q: ['x y', 'z'] } })
    expect(two.headers.a).toEqual(['1', '2'])
    const one = latticeEvent({ ...description, version: 1 })
    expect(one).toMatchObject({ raw_path: '/a%20b', query_string_parameters: { q: 'z' }, headers: { a: '1,2' } })
    expect(one).not.toHaveProperty('requestContext')
  })

  it('flags base64 and names the caller', () => {
    const event = latticeEvent({ body: png, iam: { userArn: 'arn:me', principalOrgId: 'o-1' } })
    expect(event).toMatchObject({ body: base64, isBase64Encoded: true })
    expect(event.requestContext.identity).toMatchObject({ type: 'AWS_IAM', principal: 'arn:me', principalOrgID: 'o-1' })
    expect(latticeEvent({ version: 1, body: png }).is_base64_encoded).toBe(true)
    expect(latticeEvent({ body: 'a', headers: { 'content-type': 'text/plain' } }).isBase64Encoded).toBe(false)
  })
})
