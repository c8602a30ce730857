import { describe, expect, test, vi } from 'vitest'
import { expectLog } from '../../../test/expect-log.ts'
import request, { agent } from '../src/client/client.ts'

const json = (value: unknown) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
// biome-ignore lint/suspicious/noExplicitAny: the events of eight gateways
const echo = async (event: any) => json(event.requestContext?.authorizer ?? event.requestContext ?? {})
// biome-ignore lint/suspicious/noExplicitAny: as above
const hello = async (event?: any) => {
  if (!event?.requestContext?.elb || event.headers) {
    return { statusCode: 200, headers: { 'content-type': 'text/plain', etag: '"1"' }, body: 'hello' }
  }
  return { statusCode: 200, multiValueHeaders: { 'content-type': ['text/plain'], etag: ['"1"'] }, body: 'hello' }
}

const GATEWAYS = {
  rest: 'rest-api',
  http: 'http-api',
  'http-v1': 'http-api-v1',
  url: 'function-url',
  alb: 'alb',
  'alb-multi': 'alb-multi-value',
  lattice: 'vpc-lattice',
  'lattice-v2': 'vpc-lattice',
  'lattice-v1': 'vpc-lattice-v1',
  'rest-api': 'rest-api',
} as const

describe('via', () => {
  test.each(Object.entries(GATEWAYS))('%s is %s', async (alias, name) => {
    const response = await request(hello)
      .get('/a?b=1')
      .via(alias as keyof typeof GATEWAYS)
      .expect(200, 'hello')
    expect(response.gateway).toEqual({ name, status: 200, warnings: [] })
    expect(response.event).toBeTypeOf('object')
    expect(response.lambda).toMatchObject({ statusCode: 200, body: 'hello' })
  })

  test('the target has a gateway of its own', async () => {
    const response = await request(hello, { gateway: 'alb' }).get('/')
    expect(response.gateway?.name).toBe('alb')
    expect((await agent(hello, { gateway: 'lattice' }).get('/')).gateway?.name).toBe('vpc-lattice')
    expect((await agent(hello).via('rest').get('/')).gateway?.name).toBe('rest-api')
  })

  test('an unknown one is refused at once', () => {
    expect(() =>
      request(hello)
        .get('/')
        .via('edge' as never),
    ).toThrow(TypeError)
    expect(() => request(hello).get('/').viaAll([])).toThrow('names no gateway')
  })
})

describe('viaAll', () => {
  test('gives the first response, and each by name', async () => {
    const response = await request(hello).get('/').viaAll().expect(200, 'hello').expect('ETag', '"1"')
    expect(response.gateway?.name).toBe('rest-api')
    expect(Object.keys(response.all)).toHaveLength(8)
    expect(response.all.alb?.event.requestContext.elb).toBeDefined()
  })

  test('a difference fails and shows what and where', async () => {
    const handler = async (event: { requestContext: { elb?: unknown } }) =>
      event.requestContext.elb
        ? { statusCode: 500, headers: { 'content-type': 'text/plain', 'x-from': 'alb' }, body: 'oops' }
        : { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'fine' }
    const sent = request(handler).get('/').viaAll(['rest', 'http', 'alb']).expect(200)
    await expect(sent).rejects.toThrow(
      [
        'expected the same answer through every gateway; other than rest-api (-):',
        '  alb:',
        '    - status: 200',
        '    - body: "fine"',
        '    + status: 500',
        '    + x-from: alb',
        '    + body: "oops"',
      ].join('\n'),
    )
  })

  test('bytes are compared as bytes', async () => {
    const handler = async (event: { requestContext: { elb?: unknown } }) => ({
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body: Buffer.from(event.requestContext.elb ? [1, 2, 4] : [1, 2, 3]).toString('base64'),
      isBase64Encoded: true,
    })
    const settings = { binaryMediaTypes: ['*/*'] }
    await request(handler).get('/').accept('png').gatewayOptions(settings).viaAll(['rest', 'http'])
    const sent = request(handler).get('/').accept('png').gatewayOptions(settings).viaAll(['rest', 'alb'])
    await expect(sent).rejects.toThrow('    - body: 010203\n    + body: 010204')
  })

  test('what is left out does not count', async () => {
    let count = 0
    const handler = async () => ({
      statusCode: 200,
      headers: { 'x-count': String(++count), 'content-type': 'a/b' },
      body: '',
    })
    await expect(request(handler).get('/').viaAll(['rest', 'http'])).rejects.toThrow('- x-count: 1\n    + x-count: 2')
    await request(handler)
      .get('/')
      .viaAll(['rest', 'http'], { ignoreHeaders: ['X-Count'] })
      .expect(200)
  })

  test('a failed expectation names the gateway', async () => {
    const sent = request(hello)
      .get('/')
      .viaAll(['alb', 'http'])
      .expect((response) => {
        if (response.gateway?.name === 'http-api') throw new Error('not this one')
      })
    await expect(sent).rejects.toThrow('not this one (through http-api)')
  })

  test('a request that one gateway does not answer names it', async () => {
    const handler = async (event: { requestContext: { elb?: unknown } }) =>
      event.requestContext.elb ? new Promise(() => {}) : hello()
    const sent = request(handler).get('/').viaAll(['rest', 'alb']).timeout(50)
    await expect(sent).rejects.toThrow('Timeout of 50ms exceeded (through alb)')
  })

  test('cookies of an agent, events and bodies go to each', async () => {
    const seen: unknown[] = []
    const handler = async (event: { body: string; isBase64Encoded?: boolean }) => {
      seen.push(Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8').toString())
      return hello(event)
    }
    let responses = 0
    await agent(handler)
      .on('response', () => responses++)
      .post('/')
      .send({ a: 1 })
      .viaAll()
    expect(seen).toEqual(Array(8).fill('{"a":1}'))
    expect(responses).toBe(8)
  })
})

describe('identity goes where each gateway puts it', () => {
  test.each([
    ['claims through REST', (r: Req) => r.via('rest').claims({ sub: 'u1' }), { claims: { sub: 'u1' } }],
    ['claims through HTTP', (r: Req) => r.via('http').claims({ sub: 'u1' }), { jwt: { claims: { sub: 'u1' } } }],
    ['jwt', (r: Req) => r.jwt({ sub: 'u1' }, ['read']), { jwt: { claims: { sub: 'u1' }, scopes: ['read'] } }],
    ['cognito', (r: Req) => r.via('rest').cognito({ sub: 'u1' }), { claims: { sub: 'u1' } }],
    [
      'iam',
      (r: Req) => r.via('url').iam({ userArn: 'arn:aws:iam::1:user/ada' }),
      { iam: { userArn: 'arn:aws:iam::1:user/ada' } },
    ],
    ['lambdaAuthorizer', (r: Req) => r.lambdaAuthorizer({ tier: 'gold' }), { lambda: { tier: 'gold' } }],
  ])('%s', async (_, build, expected) => {
    const response = await build(request(echo).get('/me')).expect(200)
    expect(response.body).toMatchObject(expected)
  })

  test('mutual TLS, API key and address', async () => {
    const context = (r: Req) => r.then(({ event }) => event.requestContext)
    const mtls = await context(request(hello).get('/').via('rest').mtls({ subject: 'CN=ada' }))
    expect(mtls.identity.clientCert.subjectDN).toBe('CN=ada')
    const key = await context(request(hello).get('/').via('rest').apiKey('secret', 'key-1'))
    expect(key.identity).toMatchObject({ apiKey: 'secret', apiKeyId: 'key-1' })
    const ip = await context(request(hello).get('/').via('http').sourceIp('203.0.113.9'))
    expect(ip.http.sourceIp).toBe('203.0.113.9')
  })

  test('a real server has no place for it', async () => {
    const server = Object.assign(() => {}, { use() {}, listen() {} })
    await expect(request(server).get('/').claims({})).rejects.toThrow('.claims() needs a Lambda handler as target')
    await expect(request(server).get('/').expectGateway('ok')).rejects.toThrow(
      '.expectGateway() needs a Lambda handler',
    )
  })
})

type Req = ReturnType<ReturnType<typeof request>['get']>

describe('the place in the gateway', () => {
  test('stage, variables, resource and parameters', async () => {
    const { event } = await request(hello)
      .get('/users/7')
      .via('rest')
      .stage('dev')
      .stageVariables({ table: 'users' })
      .resource('/users/{id}')
      .pathParameters({ id: '7' })
    expect(event).toMatchObject({
      resource: '/users/{id}',
      pathParameters: { id: '7' },
      stageVariables: { table: 'users' },
    })
    expect(event.requestContext).toMatchObject({ stage: 'dev', path: '/dev/users/7' })
  })

  test('base path and domain', async () => {
    const { event, request: sent } = await request(hello).get('/users').via('rest').basePath('/v1').domain('api.test')
    expect(event).toMatchObject({ path: '/v1/users', requestContext: { domainName: 'api.test' } })
    expect(sent.url).toBe('https://api.test/users')
  })

  test('binary media types decide about base64', async () => {
    const post = () =>
      request(hello)
        .post('/')
        .via('rest')
        .type('image/png')
        .send(Buffer.from([1, 2]))
    expect((await post().binaryMediaTypes(['image/png'])).event).toMatchObject({ body: 'AQI=', isBase64Encoded: true })
    expect((await post()).event.isBase64Encoded).toBe(false)
  })

  test('the context', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    let left = 0
    const handler = async (_event: unknown, context: { getRemainingTimeInMillis(): number }) => {
      left = context.getRemainingTimeInMillis()
      return hello()
    }
    const response = await request(handler)
      .get('/')
      .context({ remainingMs: 500, functionName: 'orders' })
      .context({ requestId: 'r-1', tenantId: 't-1' })
    vi.useRealTimers()
    expect(left).toBe(500)
    expect(response.context).toMatchObject({ functionName: 'orders', awsRequestId: 'r-1', tenantId: 't-1' })
  })

  test('a deadline of the function is answered as Lambda does', async () => {
    const never = () => new Promise(() => {})
    const response = await request(never).get('/').via('alb').context({ remainingMs: 30 })
    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(response.lambdaError?.message).toContain('Task timed out after 0.03 seconds')
  })
})

describe('the event', () => {
  test('may be changed', async () => {
    const seen = await request(echo)
      .get('/')
      .event((event) => ({ ...event, requestContext: { authorizer: { own: true } } }))
    expect(seen.body).toEqual({ own: true })
    expect(seen.event.requestContext.authorizer.own).toBe(true)
  })

  test('may be given', async () => {
    const rawEvent = { version: '2.0', requestContext: { authorizer: { raw: 1 } } }
    await request(echo).get('/').rawEvent(rawEvent).expect(200, { raw: 1 })
  })
})

describe('the answer', () => {
  test('what the function throws is the cause', async () => {
    const handler = async () => {
      throw new RangeError('out of range')
    }
    const failure = await request(handler)
      .get('/')
      .via('alb')
      .expect(200)
      .catch((error) => error)
    expect(failure.message).toBe(
      'expected 200 "OK", got 502 "Bad Gateway"\n  alb: The function failed with RangeError: out of range',
    )
    expect(failure.cause).toMatchObject({ name: 'RangeError', message: 'out of range' })
    expect(failure.cause.stack).toContain('client-gateway.test.ts')
  })

  test('warnings say what gets lost', async () => {
    const handler = async () => ({
      statusCode: 200,
      headers: { 'content-type': 'text/plain', connection: 'x' },
      body: 5,
    })
    const response = await request(handler).get('/').via('rest')
    expect(response.gateway?.warnings.join(' ')).toMatch(/body|502/)
    const sent = request(handler).get('/').via('rest').expectGateway('ok')
    await expect(sent).rejects.toThrow(/^expected the rest-api gateway to take the answer as it is, but:\n {2}- /)
  })

  test('an empty 204 has an empty object for a body, as a server gives it', async () => {
    await request(async () => ({ statusCode: 204 }))
      .get('/')
      .expect(204, {})
      .expect('')
  })

  test('a type that only the gateway named is the reason why text is no JSON', async () => {
    const untyped = async () => ({ statusCode: 200, body: 'plain' })
    await expect(request(untyped).get('/').via('rest').expect(200)).rejects.toThrow(
      /is not valid JSON \(the handler named no content-type, so rest-api calls the body JSON\)$/,
    )
    const wrong = async () => ({ statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: 'plain' })
    await expect(request(wrong).get('/')).rejects.toThrow(/is not valid JSON$/)
  })

  test('the console is heard', async () => {
    expectLog(/^found 3 rows/)
    expectLog(/^but \{ slow: true \}/)
    const handler = async () => {
      console.log('found %d rows', 3)
      console.error('but', { slow: true })
      return hello()
    }
    const [one, two] = await Promise.all([request(handler).get('/'), request(hello).get('/')])
    expect(one.console).toEqual(['found 3 rows', 'but { slow: true }'])
    expect(two.console).toEqual([])
  })
})
