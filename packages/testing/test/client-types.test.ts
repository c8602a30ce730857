import { expect, expectTypeOf, test } from 'vitest'
import request, {
  agent,
  type CallbackHandler,
  type Client,
  cookies,
  type Response,
  type Target,
  Test,
  TestAgent,
} from '../src/client/client.ts'

const handler = async (_event: { rawPath: string }) => ({
  statusCode: 200,
  headers: { 'content-type': 'text/plain' },
  body: 'x',
})

test('the types are those that tests for supertest use', async () => {
  const client: Client = request(handler)
  const sent: Test = client.get('/')
  expectTypeOf(sent.set('A', '1').set({ B: '2' }).query({ a: 1 }).send({ a: 1 })).toEqualTypeOf<Test>()
  expectTypeOf(sent.expect(200)).toEqualTypeOf<Test>()
  expectTypeOf<Awaited<Test>>().toEqualTypeOf<Response>()
  expectTypeOf<Response['body']>().toBeAny()
  expectTypeOf<Response['status']>().toBeNumber()
  expectTypeOf<Response['text']>().toBeString()
  expectTypeOf<Response['header']['content-type']>().toEqualTypeOf<string>()
  const callback: CallbackHandler = (error, response) => expectTypeOf(response).toEqualTypeOf<Response>() && error
  expectTypeOf(callback).parameter(1).toEqualTypeOf<Response>()
  expectTypeOf<Target>().extract<string>().toBeString()
  await client
    .get('/')
    .expect(200, 'x')
    .expect([200, 201])
    .expect('Content-Type', /plain/)
    .expect((response) => expectTypeOf(response).toEqualTypeOf<Response>())
    .expect(/x/)
})

test('an agent chains its settings and begins requests', () => {
  const kept: TestAgent = agent(handler).set('A', '1').auth('a', 'b').via('rest').host('h')
  expectTypeOf(kept.get('/')).toEqualTypeOf<Test>()
  expectTypeOf(kept.use(() => {})).toEqualTypeOf<TestAgent>()
  expect(kept).toBeInstanceOf(TestAgent)
  expect(new TestAgent(handler).get('/')).toBeInstanceOf(Test)
})

test('what does not fit is an error', () => {
  const sent = request(handler).get('/')
  // @ts-expect-error a header needs a value
  sent.set('A')
  // @ts-expect-error no gateway has this name
  expect(() => sent.via('nowhere')).toThrow(TypeError)
  // @ts-expect-error a number is no target
  expect(() => request(5)).toThrow(TypeError)
})

test('the statics of the default export', () => {
  expect(request.agent).toBe(agent)
  expect(request.cookies).toBe(cookies)
  expect(request.Test).toBe(Test)
  expect(Object.prototype.toString.call(request(handler).get('/'))).toBe('[object Test]')
})
