import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type AnyClient, BUFFERED, type Scenario, scenario } from './scenario.ts'

export const sending: Scenario[] = [
  scenario('timeout deadline', (c) => c.get('/never').timeout(60)),
  scenario('timeout response', (c) => c.get('/never').timeout({ response: 60 })),
  scenario('timeout deadline in an object', (c) => c.get('/never').timeout({ deadline: 60 })),
  scenario('timeout not reached', (c) => c.get('/slow').timeout({ response: 3000, deadline: 3000 })),
  scenario('timeout, then clearTimeout', (c) => c.get('/hello').timeout(60).clearTimeout()),
  scenario(
    'timeout of the response is over once the headers are here',
    (c) => c.get('/slow-body/json').timeout({ response: 120 }),
    BUFFERED,
  ),
  scenario('timeout while the body comes', (c) => c.get('/slow-body/json').timeout({ deadline: 120 }), BUFFERED),
  scenario('retry until it works', async (c) => {
    await c.get('/flaky?reset=1')
    return c.get('/flaky').retry(2).expect(200)
  }),
  scenario('retry too few', async (c) => {
    await c.get('/flaky?reset=1')
    return c.get('/flaky').retry(1)
  }),
  scenario('retry refused by callback', async (c) => {
    await c.get('/flaky?reset=1')
    return c.get('/flaky').retry(5, () => false)
  }),
  scenario('retry asked by callback', (c) => {
    let calls = 0
    return c
      .get('/hello')
      .retry(3, () => ++calls < 2)
      .expect(() => {
        if (calls !== 2) throw new Error(`calls: ${calls}`)
      })
  }),
  scenario('retry of a time-out', (c) => c.get('/never').timeout(40).retry(1)),
  scenario(
    'end(callback)',
    (c) => new Promise((resolve, reject) => c.get('/a').end((e: unknown, r: unknown) => (e ? reject(e) : resolve(r)))),
  ),
  scenario(
    'end(callback) of a failure',
    (c) =>
      new Promise((resolve, reject) =>
        c
          .get('/a')
          .expect(500)
          .end((e: unknown, r: unknown) => (e ? reject(e) : resolve(r))),
      ),
  ),
  scenario(
    'expect(status, callback)',
    (c) =>
      new Promise((resolve, reject) =>
        c.get('/a').expect(201, (e: unknown, r: unknown) => (e ? reject(e) : resolve(r))),
      ),
  ),
  scenario(
    'expect(body, callback)',
    (c) =>
      new Promise((resolve, reject) =>
        c.get('/hello').expect('x', (e: unknown, r: unknown) => (e ? reject(e) : resolve(r))),
      ),
  ),
  scenario(
    'expect(header, value, callback)',
    (c) =>
      new Promise((resolve, reject) =>
        c.get('/hello').expect('X', 'y', (e: unknown, r: unknown) => (e ? reject(e) : resolve(r))),
      ),
  ),
  scenario(
    'expect(status, body, callback)',
    (c) =>
      new Promise((resolve, reject) =>
        c.get('/hello').expect(200, 'Hello ada!', (e: unknown, r: unknown) => (e ? reject(e) : resolve(r))),
      ),
  ),
  scenario('abort', (c) => {
    const request = c.get('/never')
    setTimeout(() => request.abort(), 50)
    return request
  }),
  ...['json', 'text', 'png'].flatMap((type) => [
    scenario(
      `abort while a ${type} body comes, with a callback`,
      (c) =>
        new Promise((resolve, reject) => {
          const done = (error: unknown, response: unknown) => (error ? reject(error) : resolve(response))
          const request = c.get(`/slow-body/${type}`).end(done)
          setTimeout(() => request.abort(), 120)
        }),
      BUFFERED,
    ),
    scenario(
      `abort while a ${type} body comes, with a promise`,
      (c) => {
        const request = c.get(`/slow-body/${type}`)
        setTimeout(() => request.abort(), 120)
        return request
      },
      BUFFERED,
    ),
  ]),
  scenario('abort when the response is there', (c) => {
    const request = c.get('/hello')
    return request.on('response', () => request.abort())
  }),
  scenario('abort before it is sent', (c) => c.get('/hello').abort()),
  scenario('events', async (c) => {
    const seen: string[] = []
    const request = c.get('/redirect/302').redirects(1)
    for (const event of ['request', 'redirect', 'response', 'end', 'error', 'abort'])
      request.on(event, () => seen.push(event))
    const response = await request
    response.body = seen
    return response
  }),
  ...Object.entries({ json: { a: 1 }, txt: 'x'.repeat(40_000), bin: Buffer.alloc(40_000) }).map(([type, data]) =>
    scenario(`progress of ${type}`, async (c) => {
      const seen: unknown[] = []
      const request = c.post('/echo').type(type).send(data)
      request.on('progress', ({ loaded, total }: AnyClient) => seen.push([loaded, total]))
      const response = await request
      response.body = seen
      return response
    }),
  ),
  scenario("the response's message", async (c) => {
    const response = await c.get('/a')
    const { statusCode, statusMessage, text, complete, headers } = response.res
    response.body = { statusCode, statusMessage, text, complete, same: Object.is(headers, response.headers) }
    return response
  }),
  scenario('events of a piped error status', async (c) => {
    const seen: string[] = []
    const request = c.get('/status/500')
    for (const event of ['response', 'end', 'error']) request.on(event, () => seen.push(event))
    await text(request.pipe(new PassThrough()))
    const response = await c.get('/hello')
    response.body = seen
    return response
  }),
  scenario('events of a time-out', async (c) => {
    const seen: string[] = []
    const request = c.get('/never').timeout(50)
    for (const event of ['request', 'response', 'end', 'error', 'abort']) request.on(event, () => seen.push(event))
    await request.catch(() => {})
    const response = await c.get('/hello')
    response.body = seen
    return response
  }),
  scenario('redirects at their events', async (c) => {
    const seen: unknown[] = []
    const request = c.get('/redirect/twice').redirects(2)
    for (const event of ['pre-redirect', 'redirect']) {
      request.on(event, ({ redirects, status }: AnyClient) => seen.push([event, status, redirects.length]))
    }
    const response = await request
    response.body = seen
    return response
  }),
  scenario('events of an error status', async (c) => {
    const seen: string[] = []
    const request = c.get('/status/500')
    for (const event of ['request', 'response', 'end']) request.on(event, () => seen.push(event))
    request.on('error', (error: AnyClient) =>
      seen.push(`error ${error.message} ${error.status} ${error.response.status}`),
    )
    const response = await request
    response.body = seen
    return response
  }),
  scenario('toJSON of the request', async (c) => {
    const request = c.post('/echo').set('X-One', '1').send({ a: 1 })
    const response = await request
    const { method, data, headers } = request.toJSON()
    response.body = { method, data, headers }
    return response
  }),
  scenario('toJSON of the response', async (c) => {
    const response = await c.get('/status/404')
    const { status, text } = response.toJSON()
    response.body = { status, text }
    return response
  }),
  scenario('get and getHeader', async (c) => {
    const request = c.get('/hello').set('X-One', '1')
    const response = await request
    response.body = [
      request.get('x-ONE'),
      request.getHeader('X-One'),
      request.get('none') ?? null,
      response.get('CONTENT-TYPE'),
    ]
    return response
  }),
  scenario('then, catch', (c) =>
    c
      .get('/a')
      .expect(500)
      .catch((error: Error) => Promise.reject(new Error(`caught ${error.message}`))),
  ),
  scenario('finally', (c) => c.get('/a').then((response: unknown) => response)),
]

export const agents: Scenario[] = [
  scenario('agent keeps cookies', async (_c, agent) => {
    const a = agent()
    await a.get('/cookies/set').expect(200)
    return a.get('/cookies')
  }),
  scenario('agent joins a Cookie field', async (_c, agent) => {
    const a = agent()
    await a.get('/cookies/set')
    return a.get('/cookies').set('Cookie', 'own=1; theme=own')
  }),
  scenario('agent minds the path', async (_c, agent) => {
    const a = agent()
    await a.get('/cookies/path')
    const inside = await a.get('/echo/x')
    const outside = await a.get('/cookies')
    outside.body = [inside.body.headers.cookie, outside.body]
    return outside
  }),
  scenario('agent refuses another domain', async (_c, agent) => {
    const a = agent()
    await a.get('/cookies/other-domain')
    return a.get('/cookies')
  }),
  scenario('agent forgets cleared cookies', async (_c, agent) => {
    const a = agent()
    await a.get('/cookies/set')
    await a.get('/cookies/clear')
    return a.get('/cookies')
  }),
  scenario('agent keeps signed cookies', async (_c, agent) => {
    const a = agent()
    await a.get('/cookies/sign')
    return a.get('/cookies')
  }),
  scenario('agent keeps the cookies of a redirect', (_c, agent) => agent().get('/redirect/set-cookie').redirects(1)),
  scenario('agent defaults', (_c, agent) =>
    agent().set('X-One', '1').query({ a: 1 }).accept('json').auth('ada', 'b').post('/echo').send({ b: 2 }),
  ),
  scenario('agent defaults are overridden', (_c, agent) => agent().set('X-One', '1').get('/echo').set('x-one', '2')),
  scenario('agent use', (_c, agent) =>
    agent()
      .use((r: AnyClient) => r.set('X-Plugin', r.method))
      .get('/echo'),
  ),
  scenario('agent on', async (_c, agent) => {
    let heard = 0
    const a = agent().on('response', () => heard++)
    await a.get('/hello')
    const response = await a.get('/hello')
    response.body = { heard }
    return response
  }),
  scenario('agent redirects', (_c, agent) => agent().redirects(2).get('/redirect/twice')),
  scenario('agent del', (_c, agent) => agent().del('/echo')),
  scenario('agent type and serialize', (_c, agent) =>
    agent()
      .type('text/plain')
      .serialize(() => 'own')
      .post('/echo')
      .send({ a: 1 }),
  ),
]
