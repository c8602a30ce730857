import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../src/message/message.ts'
import { detectSource } from '../src/sources/detect.ts'
import { deepFreeze } from './event-fixtures.ts'

type Event = Record<string, unknown>

const read = (event: Event): HttpRequest => {
  const source = detectSource(deepFreeze(event))
  if (source === undefined) throw new Error('no source takes this event')
  return source.decode(event)
}

const rest = (event: Event = {}, context: Event = {}): HttpRequest =>
  read({ httpMethod: 'GET', path: '/', ...event, requestContext: { stage: 'prod', ...context } })

const httpV1 = (event: Event = {}, context: Event = {}): HttpRequest =>
  read({ version: '1.0', httpMethod: 'GET', ...event, requestContext: { stage: '$default', ...context } })

const httpV2 = (event: Event = {}, context: Event = {}, http: Event = {}): HttpRequest =>
  read({
    version: '2.0',
    rawPath: '/',
    rawQueryString: '',
    ...event,
    requestContext: {
      stage: '$default',
      domainName: 'id.execute-api.eu-west-1.amazonaws.com',
      http: { method: 'GET', ...http },
      ...context,
    },
  })

const url = (event: Event = {}): HttpRequest => httpV2(event, { domainName: 'abc.lambda-url.eu-west-1.on.aws' })
const alb = (event: Event = {}): HttpRequest =>
  read({ httpMethod: 'GET', path: '/', headers: {}, ...event, requestContext: { elb: { targetGroupArn: 'arn' } } })
const lattice = (event: Event = {}, context: Event = {}): HttpRequest =>
  read({ version: '2.0', method: 'GET', path: '/', ...event, requestContext: { serviceArn: 'arn', ...context } })
const latticeV1 = (event: Event = {}): HttpRequest => read({ method: 'GET', raw_path: '/', ...event })

describe('REST API', () => {
  test('a method and a path are enough, and a method is enough too', () => {
    expect(read({ path: '/todos', httpMethod: 'get' })).toMatchObject({ method: 'GET', path: '/todos', query: '' })
    const bare = read({ httpMethod: 'POST' })
    expect(bare).toMatchObject({ path: '/', basePath: '', body: undefined, host: undefined, remoteAddress: undefined })
    expect({ ...bare.headers }).toEqual({ 'content-length': '0' })
    expect([bare.requestId, bare.identity, bare.protocol]).toEqual([undefined, undefined, 'https'])
  })

  test('null stands for absent everywhere (LocalStack recordings, 2024-08-02)', () => {
    const request = rest({
      headers: null,
      multiValueHeaders: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      body: null,
    })
    expect([request.query, request.body, { ...request.headers }]).toEqual(['', undefined, {}])
    expect(read({ httpMethod: 'GET', path: '/', requestContext: null }).path).toBe('/')
  })

  test('marks of other events that are null are no marks (events written by .NET have every member)', () => {
    const nothing = { elb: null, connectionId: null, eventType: null }
    const event = { httpMethod: 'GET', path: '/', type: null, apiPath: null, requestContext: nothing }
    expect(detectSource(event)?.name).toBe('rest-api')
  })

  test('the path is encoded already and stays as it is', () => {
    expect(rest({ path: '/a%2Fb%20c/test+x@y//z/' }).path).toBe('/a%2Fb%20c/test+x@y//z/')
    expect(rest({ path: '//evil.example/x' }).path).toBe('//evil.example/x')
  })

  test('only what no request line can hold is encoded (SAM CLI local)', () => {
    expect(rest({ path: '/a b/é\n' }).path).toBe('/a%20b/%C3%A9%0A')
    expect(rest({ path: '/\ud800' }).path).toBe('/%EF%BF%BD')
    expect(rest({ path: 'todos' }).path).toBe('/todos')
  })

  test('query members were decoded, so they are encoded again, once', () => {
    expect(rest({ multiValueQueryStringParameters: { 'a&b': ['1=2', '%41', 'x y', '+'] } }).query).toBe(
      'a%26b=1%3D2&a%26b=%2541&a%26b=x%20y&a%26b=%2B',
    )
    expect(rest({ queryStringParameters: { q: '\udc00' } }).query).toBe('q=%EF%BF%BD')
  })

  test('the multi-value query wins, the other fills in what it lacks', () => {
    expect(
      rest({ multiValueQueryStringParameters: { a: ['1', '2'] }, queryStringParameters: { a: '2', b: '3' } }).query,
    ).toBe('a=1&a=2&b=3')
  })

  test('multi-value headers win, names compared without case and whole (hono aa921770)', () => {
    const request = rest({
      multiValueHeaders: { 'X-Multi': ['1', '2'], Accept: ['text/html'] },
      headers: { 'x-multi': '2', 'X-Mul': 'kept', accept: 'lost', 'X-Only': 'kept' },
    })
    expect({ ...request.headers }).toEqual({
      'x-multi': ['1', '2'],
      accept: 'text/html',
      'x-mul': 'kept',
      'x-only': 'kept',
    })
    expect(request.rawHeaders).toEqual('X-Multi 1 X-Multi 2 Accept text/html X-Mul kept X-Only kept'.split(' '))
  })

  test('cookies sent on two lines are one field (RFC 9113 section 8.2.3)', () => {
    expect(rest({ multiValueHeaders: { Cookie: ['a=1', 'b=2'] } }).headers.cookie).toBe('a=1; b=2')
  })

  test('names of Object are names', () => {
    const request = rest({
      headers: JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}') as Event,
      queryStringParameters: JSON.parse('{"__proto__":"1","constructor":"2"}') as Event,
    })
    expect(Object.entries(request.headers)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['tostring', 't'],
    ])
    expect(request.query).toBe('__proto__=1&constructor=2')
  })

  test('values that are not strings become strings, empty lists and null nothing', () => {
    const { headers } = rest({ headers: { n: 5, b: true, x: null }, multiValueHeaders: { e: [] } })
    expect({ ...headers }).toEqual({ n: '5', b: 'true' })
  })

  describe('the mapping of a custom domain', () => {
    const mapped = (path: string, resource: string, pathParameters: unknown, context: Event = {}): string[] => {
      const domain = { domainName: 'api.example.com', path, ...context }
      const request = rest({ path, resource, pathParameters }, domain)
      return [request.basePath, request.path]
    }

    test('is told by the matched resource', () => {
      expect(mapped('/payment/users/5', '/users/{id}', { id: '5' })).toEqual(['/payment', '/users/5'])
      expect(mapped('/payment/a/b', '/{proxy+}', { proxy: 'a/b' })).toEqual(['/payment', '/a/b'])
      expect(mapped('/payment/a/b/', '/{proxy+}', { proxy: 'a/b' })).toEqual(['/payment', '/a/b/'])
      expect(mapped('/v1/payment', '/', null)).toEqual(['/v1/payment', '/'])
      expect(mapped('/payment/a%2Fb', '/{proxy+}', { proxy: 'a/b' })).toEqual(['/payment', '/a%2Fb'])
    })

    test('is empty where the resource is the whole path', () => {
      expect(mapped('/api/users', '/api/{proxy+}', { proxy: 'users' })).toEqual(['', '/api/users'])
      expect(mapped('/users', '/users', null)).toEqual(['', '/users'])
    })

    test('is not guessed: an execute-api host, another full path, a parameter that does not fit, a bad escape', () => {
      const execute = { domainName: 'id.execute-api.eu-west-1.amazonaws.com' }
      expect(mapped('/payment/users', '/users', null, execute)).toEqual(['', '/payment/users'])
      expect(mapped('/payment/users', '/users', null, { path: '/other/payment/users' })[0]).toBe('')
      expect(mapped('/payment/users/5', '/users/{id}', { id: '6' })[0]).toBe('')
      expect(mapped('/payment/users/5', '/users/{id}', null)[0]).toBe('')
      expect(mapped('/mypayment', '/payment', null)[0]).toBe('')
      expect(mapped('//users', '/users', null)[0]).toBe('')
      expect(mapped('/payment/%zz', '/users', null)[0]).toBe('')
      expect(read({ httpMethod: 'GET', path: '/payment/users', resource: '/users' }).path).toBe('/payment/users')
    })
  })

  test('the stage stands before the path in the URL of the API’s own host, and is no part of the path', () => {
    const at = (path: string, full: string): string[] => {
      const request = rest({ path, resource: '/{proxy+}' }, { stage: 'prod', path: full })
      return [request.basePath, request.path]
    }
    expect(at('/users/5', '/prod/users/5')).toEqual(['/prod', '/users/5'])
    expect(at('/', '/prod/')).toEqual(['/prod', '/'])
    expect(at('/users', '/production/users')).toEqual(['', '/users'])
  })

  test('an API behind a custom domain has a rawPath too and stays a REST API (hono#5033)', () => {
    expect(detectSource({ httpMethod: 'GET', path: '/a', rawPath: '/a', requestContext: { stage: 'x' } })?.name).toBe(
      'rest-api',
    )
  })

  test('the host header, or the domain where there is none', () => {
    expect(rest({ headers: { Host: 'a.example:8443' } }, { domainName: 'b' }).host).toBe('a.example:8443')
    expect(rest({}, { domainName: 'b.example' }).host).toBe('b.example')
    expect(rest({ multiValueHeaders: { Host: ['a', 'b'] } }).host).toBe('a')
  })

  test('https whatever X-Forwarded-Proto claims: API Gateway has no http', () => {
    expect(rest({ headers: { 'X-Forwarded-Proto': 'http' } }).protocol).toBe('https')
    expect(httpV2({ headers: { 'x-forwarded-proto': 'http' } }).protocol).toBe('https')
    expect(url({ headers: { 'x-forwarded-proto': 'http' } }).protocol).toBe('https')
  })

  test('the address is the gateway’s, not that of X-Forwarded-For', () => {
    expect(
      rest({ headers: { 'X-Forwarded-For': '6.6.6.6' } }, { identity: { sourceIp: '1.2.3.4' } }).remoteAddress,
    ).toBe('1.2.3.4')
    expect(httpV2({ headers: { 'x-forwarded-for': '6.6.6.6' } }, {}, { sourceIp: '::1' }).remoteAddress).toBe('::1')
  })
})

describe('the body and its length', () => {
  test('text is text, base64 is bytes', () => {
    expect(rest({ body: 'é' }).body).toBe('é')
    expect(rest({ body: '/wD+', isBase64Encoded: true }).body).toEqual(Buffer.from([255, 0, 254]))
  })

  test.each([
    'a',
    'ab',
    'abc',
    'QUI',
    'QU-_',
    'QUJD\n',
    'QU JD',
    'QUJ!',
    '=QUJ',
    'QU==QUJD',
    '====',
    'QUJ\u0141',
    '{"a":1}',
  ])('malformed base64 %j is the client’s error, seen at the body alone', (body) => {
    const request = rest({ body, isBase64Encoded: true })
    expect(request.headers['content-length']).toBeDefined()
    expect(() => request.body).toThrow(expect.objectContaining({ status: 400 }))
    expect(() => request.body).toThrow('The request body is not valid base64')
  })

  test('the flag over an empty body is fine, and only `true` is the flag', () => {
    expect(rest({ body: '', isBase64Encoded: true }).body).toBeUndefined()
    expect(rest({ body: null, isBase64Encoded: true }).body).toBeUndefined()
    expect(rest({ body: 'x', isBase64Encoded: 'false' }).body).toBe('x')
  })

  test('a body that is not a string is its JSON', () => {
    const request = rest({ body: { a: 'é' } })
    expect([request.body, request.headers['content-length']]).toEqual(['{"a":"é"}', '10'])
  })

  test('content-length counts the bytes that came, never what the client says (hono fa5f9bfc)', () => {
    const lying = { 'Content-Length': '1', 'Transfer-Encoding': 'chunked' }
    expect({ ...rest({ headers: lying, body: 'éé' }).headers }).toEqual({ 'content-length': '4' })
    expect({ ...alb({ headers: lying, body: 'AAAA', isBase64Encoded: true }).headers }).toEqual({
      'content-length': '3',
    })
    expect({ ...rest({ headers: { 'Content-Length': '1' } }).headers }).toEqual({})
    // What came in chunks is a body, be it empty: parsers go by that.
    expect({ ...rest({ headers: lying }).headers }).toEqual({ 'content-length': '0' })
    const zero = { headers: { 'content-length': '0' } }
    expect({ ...httpV2(zero).headers }).toEqual({ 'content-length': '0' })
    expect({ ...httpV2(zero, {}, { method: 'POST' }).headers }).toEqual({ 'content-length': '0' })
    // A client sends it with an empty POST, but a REST API and a function URL drop it.
    for (const httpMethod of ['POST', 'PUT', 'PATCH'])
      expect({ ...rest({ httpMethod }).headers }).toEqual({ 'content-length': '0' })
    expect({ ...rest({ httpMethod: 'DELETE' }).headers }).toEqual({})
    expect(rest({ headers: lying, body: 'x' }).rawHeaders).toEqual(Object.entries(lying).flat())
  })

  test('is read once', () => {
    const request = rest({ body: 'AAAA', isBase64Encoded: true })
    expect(request.body).toBe(request.body)
    expect(request.headers).toBe(request.headers)
    expect(request.rawHeaders).toBe(request.rawHeaders)
  })
})

describe('HTTP API 2.0', () => {
  const path = (rawPath: string): string => httpV2({ rawPath }).path

  test('the path was decoded and is encoded again: all but %2F and %3F come back', () => {
    expect(path('/100%')).toBe('/100%25')
    expect(path('/my/path-with space')).toBe('/my/path-with%20space')
    expect(path('/% of dogs#1.txt')).toBe('/%25%20of%20dogs%231.txt')
    expect(path('/"<>`{}|\\^[]')).toBe('/%22%3C%3E%60%7B%7D%7C%5C%5E%5B%5D')
    expect(path('/日本/😀')).toBe('/%E6%97%A5%E6%9C%AC/%F0%9F%98%80')
    expect(path('/a?b')).toBe('/a%3Fb')
    expect(path('/\u0000\u007f')).toBe('/%00%7F')
    expect(path('/\ud800')).toBe('/%EF%BF%BD')
    expect(path("/-._~!$&'()*+,;=:@")).toBe("/-._~!$&'()*+,;=:@")
    expect(path('//evil.example//x')).toBe('//evil.example//x')
    expect(path('rawPath')).toBe('/rawPath')
  })

  test('the raw query is the query, its map is not', () => {
    expect(httpV2({ rawQueryString: 'a=1,2&a=%20+', queryStringParameters: { a: '1,2, +' } }).query).toBe(
      'a=1,2&a=%20+',
    )
    expect(httpV2({ rawQueryString: undefined, queryStringParameters: { a: 'x y' } }).query).toBe('a=x%20y')
  })

  test('cookies are the array, not the joined header (srvx; rust#1143)', () => {
    const both = httpV2({ cookies: ['a=1', 'b=2'], headers: { Cookie: 'a=1,b=2', x: 'y' } })
    expect({ ...both.headers }).toEqual({ x: 'y', cookie: 'a=1; b=2' })
    expect(both.rawHeaders).toEqual(['x', 'y', 'cookie', 'a=1; b=2'])
    expect(httpV2({ cookies: [], headers: { cookie: 'a=1' } }).headers.cookie).toBe('a=1')
    expect(httpV2({ cookies: null, headers: null }).headers.cookie).toBeUndefined()
  })

  describe('what stands before the application’s path', () => {
    const place = (rawPath: string, event: Event, context: Event, http: Event = {}): string[] => {
      const request = httpV2({ rawPath, ...event }, context, http)
      return [request.basePath, request.path]
    }
    const prod = { stage: 'prod' }
    const custom = { stage: 'prod', domainName: 'api.example.com' }

    test('a stage, at a segment’s end', () => {
      expect(place('/prod/users', {}, prod)).toEqual(['/prod', '/users'])
      expect(place('/prod', {}, prod)).toEqual(['/prod', '/'])
      expect(place('/prod/', {}, prod)).toEqual(['/prod', '/'])
      expect(place('/prod//x', {}, prod)).toEqual(['/prod', '//x'])
      expect(place('/production/users', {}, prod)).toEqual(['', '/production/users'])
    })

    test('no stage on a custom domain: nothing of the path is lost (seed rule B1.3)', () => {
      expect(place('/x', {}, custom)).toEqual(['', '/x'])
      expect(place('/users/prod', {}, custom)).toEqual(['', '/users/prod'])
    })

    test('$default is no prefix', () => {
      expect(place('/$default/users', {}, {})).toEqual(['', '/$default/users'])
    })

    test('the matched route tells a path that begins like the stage', () => {
      const route = { routeKey: 'GET /prod/{id}', pathParameters: { id: '5' } }
      expect(place('/prod/5', route, custom)).toEqual(['', '/prod/5'])
      expect(place('/prod/prod/5', route, prod)).toEqual(['/prod', '/prod/5'])
      expect(place('/prod/a', { routeKey: 'ANY /{proxy+}', pathParameters: { proxy: 'prod/a' } }, custom)).toEqual([
        '',
        '/prod/a',
      ])
      expect(place('/prod/a', { routeKey: 'ANY /{proxy+}', pathParameters: { proxy: 'a' } }, prod)).toEqual([
        '/prod',
        '/a',
      ])
    })

    test('a mapping that the gateway left in the path (yulin#1037), by the matched route', () => {
      const mapping = { stage: '$default', domainName: 'api.example.com' }
      expect(place('/v1/users/5', { routeKey: 'GET /users/{id}', pathParameters: { id: '5' } }, mapping)).toEqual([
        '/v1',
        '/users/5',
      ])
      expect(place('/v1', { routeKey: 'GET /' }, mapping)).toEqual(['/v1', '/'])
      expect(place('/v1/users', { routeKey: '$default' }, mapping)).toEqual(['', '/v1/users'])
    })

    test('a mapping that the gateway took off, by the full path (AWS)', () => {
      expect(place('/path', {}, custom, { path: '/my/path' })).toEqual(['/my', '/path'])
      expect(place('/', {}, custom, { path: '/my' })).toEqual(['/my', '/'])
      expect(place('/', {}, custom, { path: '/my/' })).toEqual(['/my', '/'])
      expect(place('/my/path/', {}, custom, { path: '/my/path' })).toEqual(['', '/my/path/'])
      expect(place('/a b', {}, custom, { path: '/é/a b' })).toEqual(['/%C3%A9', '/a%20b'])
    })

    test('a path that is missing is the full one', () => {
      expect(place(undefined as never, {}, {}, { path: '/x' })).toEqual(['', '/x'])
      expect(place(undefined as never, {}, {})).toEqual(['', '/'])
    })
  })
})

describe('a path that only begins like the stage is the client’s', () => {
  test.each(['api.example.com', undefined])('on the domain %s, with a route that proves nothing', (domainName) => {
    const context = { stage: 'prod', domainName }
    const path = '/prod/admin/secret'
    expect(httpV2({ rawPath: path, routeKey: '$default' }, context).path).toBe(path)
    expect(httpV1({ path, resource: '$default' }, { ...context, path }).path).toBe(path)
    expect(
      rest({ path, resource: '/{proxy+}', pathParameters: { proxy: path.slice(1) } }, { ...context, path }).path,
    ).toBe(path)
  })
})

describe('HTTP API 1.0', () => {
  const ownHost = 'id.execute-api.eu-west-1.amazonaws.com'

  test('the path is encoded and holds the stage (V1_UnicodeCharactersInPathHttpV1, serverless-http#143)', () => {
    const context = { stage: 'dev', path: '/dev/a b%', domainName: ownHost }
    const request = httpV1({ path: '/dev/a%20b%25' }, context)
    expect([request.basePath, request.path]).toEqual(['/dev', '/a%20b%25'])
    expect(httpV1({ path: '/dev/a%2Fb' }, { ...context, path: '/dev/a/b' }).path).toBe('/a%2Fb')
    expect(httpV1({ path: '/dev/x' }).path).toBe('/dev/x')
  })

  test('the mapping by the full path', () => {
    const request = httpV1({ path: '/path', resource: '/my/path' }, { path: '/my/path' })
    expect([request.basePath, request.path]).toEqual(['/my', '/path'])
  })

  test('is told by its version, or by a stage that no REST API has', () => {
    const name = (event: Event): string | undefined => detectSource({ httpMethod: 'GET', path: '/', ...event })?.name
    expect(name({ version: '1.0' })).toBe('http-api')
    expect(name({ requestContext: { stage: '$default' } })).toBe('http-api')
    // SAM CLI's local REST API.
    expect(name({ version: '1.0', requestContext: { stage: 'Prod', identity: { apiKey: null } } })).toBe('rest-api')
  })
})

describe('function URL', () => {
  test('the path is encoded already (LocalStack, /pa2%Fth)', () => {
    expect(url({ rawPath: '/pa2%Fth/%2F%25' }).path).toBe('/pa2%Fth/%2F%25')
    expect(url({ rawPath: '/$default/x' })).toMatchObject({ basePath: '', path: '/$default/x' })
  })
})

describe('ALB', () => {
  test('the query is as the client wrote it, in both modes, and no escape is needed to be right', () => {
    expect(alb({ queryStringParameters: { 'a%5B%5D': '100%', b: 'x+y%20z', c: '' } }).query).toBe(
      'a%5B%5D=100%&b=x+y%20z&c=',
    )
    expect(alb({ multiValueQueryStringParameters: { a: ['1%26', '2'] } }).query).toBe('a=1%26&a=2')
  })

  test('the address is the last of X-Forwarded-For (hono 41adbf56)', () => {
    const from = (value: unknown): string | undefined => alb({ headers: { 'x-forwarded-for': value } }).remoteAddress
    expect(from('6.6.6.6, 1.2.3.4')).toBe('1.2.3.4')
    expect(from('6.6.6.6,1.2.3.4:5555')).toBe('1.2.3.4')
    expect(from('[2001:db8::1]:5555')).toBe('2001:db8::1')
    expect(from('2001:db8::1')).toBe('2001:db8::1')
    expect(from('')).toBeUndefined()
    // Only SP and HTAB are optional white space (RFC 9110 section 5.6.3).
    expect(from('6.6.6.6,\t1.2.3.4 ')).toBe('1.2.3.4')
    expect(from('6.6.6.6, \u00a01.2.3.4')).not.toBe('1.2.3.4')
    expect(alb({ multiValueHeaders: { 'x-forwarded-for': ['6.6.6.6', '7.7.7.7, 1.2.3.4'] } }).remoteAddress).toBe(
      '1.2.3.4',
    )
  })

  test('the protocol is the listener’s', () => {
    const by = (value: string): string => alb({ headers: { 'x-forwarded-proto': value } }).protocol
    expect([by('http'), by('https'), by('https, http'), by('ftp')]).toEqual(['http', 'https', 'http', 'http'])
    expect(alb({ headers: { 'user-agent': 'ELB-HealthChecker/2.0' } }).protocol).toBe('http')
  })

  test('the trace is what the client sent, and so no id', () => {
    expect(alb({ headers: { 'x-amzn-trace-id': 'Root=1-x' } }).requestId).toBeUndefined()
    expect(lattice({ headers: { 'x-amzn-trace-id': ['Root=1-x'] } }).requestId).toBeUndefined()
  })
})

describe('VPC Lattice', () => {
  test('a query in the path is the raw one, otherwise the map, which counts as decoded', () => {
    const inPath = { path: '/p?a=1&a=%20', queryStringParameters: { a: ['1', ' '] } }
    expect(lattice(inPath)).toMatchObject({ path: '/p', query: 'a=1&a=%20' })
    expect(latticeV1({ raw_path: '/p?', query_string_parameters: { a: '1' } })).toMatchObject({ path: '/p', query: '' })
    expect(lattice({ queryStringParameters: { 'a b': ['x&y', '%20', '100%'] } }).query).toBe(
      'a%20b=x%26y&a%20b=%2520&a%20b=100%25',
    )
    expect(latticeV1({ query_string_parameters: { a: '1' } }).query).toBe('a=1')
  })

  test('headers are lists or texts', () => {
    expect({ ...lattice({ headers: { a: ['1'], b: ['1', '2'], c: '3' } }).headers }).toEqual({
      a: '1',
      b: ['1', '2'],
      c: '3',
    })
  })

  test('the flag of version 1 has another name', () => {
    expect(latticeV1({ body: 'AAAA', is_base64_encoded: true }).body).toEqual(Buffer.alloc(3))
    expect(latticeV1({ body: 'AAAA', isBase64Encoded: true }).body).toBe('AAAA')
  })

  test('a header of version 1 is no proof of identity', () => {
    expect(latticeV1({ headers: { 'x-amzn-lattice-identity': 'Principal=arn:x' } }).identity).toBeUndefined()
  })

  test('the listener may be http', () => {
    expect(lattice({ headers: { 'x-forwarded-proto': ['http'] } }).protocol).toBe('http')
    expect(lattice().protocol).toBe('https')
  })
})

describe('identity', () => {
  const authorized = (authorizer: unknown, identity: unknown = null): HttpRequest['identity'] =>
    rest({}, { authorizer, identity }).identity

  test('what API Gateway adds to a Lambda authorizer’s context is no context', () => {
    expect(authorized({ principalId: 'me', integrationLatency: 12 })).toEqual({ subject: 'me' })
  })

  test('null claims and an account alone are nothing', () => {
    expect(authorized({ claims: null, scopes: null }, { accountId: '1', apiKey: null })).toBeUndefined()
  })

  test('names of Object are claims', () => {
    const claims = authorized({ claims: JSON.parse('{"__proto__":{"admin":true},"sub":"x"}') })!.claims!
    expect(Object.keys(claims)).toEqual(['__proto__', 'sub'])
    expect(claims.admin).toBeUndefined()
  })

  test('a Cognito identity pool behind HTTP API and function URL', () => {
    const iam = { userArn: 'arn', cognitoIdentity: { amr: ['x'], identityId: 'i', identityPoolId: 'p' } }
    expect(httpV2({}, { authorizer: { iam } }).identity).toEqual({
      subject: 'arn',
      iam: { userArn: 'arn', cognitoIdentityId: 'i', cognitoIdentityPoolId: 'p' },
    })
  })

  test('the subject: a claim before a principal before a signature before a certificate', () => {
    const identity = { userArn: 'arn', clientCert: { subjectDN: 'CN=x' } }
    expect(authorized({ principalId: 'p', claims: { sub: 's' } }, identity)?.subject).toBe('s')
    expect(authorized({ principalId: 'p' }, identity)?.subject).toBe('p')
    expect(authorized(null, identity)?.subject).toBe('arn')
    expect(authorized(null, { clientCert: { subjectDN: 'CN=x' } })?.subject).toBe('CN=x')
  })
})
