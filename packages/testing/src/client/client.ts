import { type RequestOptions, TestAgent, tlsOf } from './agent.ts'
import { CookieJar } from './cookie-jar.ts'
import { cookies } from './expect/cookie-assertions.ts'
import { fetchOf } from './fetch.ts'
import type { Caller } from './request/call-site.ts'
import { parseCurl } from './request/curl.ts'
import { Test } from './request/test.ts'
import { Response } from './response/response.ts'
import { DEFAULT_LIMIT } from './send/time-limit.ts'
import { listener, type Target, toTransport } from './target.ts'
import { METHODS, type Verb } from './verbs.ts'

export type { RequestOptions } from './agent.ts'
export { TestAgent } from './agent.ts'
export { type CookieAccess, CookieJar, type StoredCookie, type StoredCookies } from './cookie-jar.ts'
export type { TracedLayer } from './exchange.ts'
export type { CookieOptions } from './expect/cookie.ts'
export { cookies } from './expect/cookie-assertions.ts'
export type { Expectation, MismatchError } from './expect/expectation.ts'
export { type FetchOptions, fetchOf } from './fetch.ts'
export { type CallbackHandler, Test } from './request/test.ts'
export { type GatewayReport, Response, type ResponseChunk, type SentRequest } from './response/response.ts'
export { listener, type NodeApp, type Target } from './target.ts'

/** A method for each HTTP verb, which begins a request. */
export type Client<T extends Test = Test> = { [V in Verb | 'del']: (path: string) => T } & {
  /** Begins a request with any method. */
  request(method: string, path: string): T
}

/** @types/supertest's names for the same. */
export type { Client as SuperTest, TestAgent as Agent, TestAgent as SuperAgentTest }

/**
 * Begins requests to a Lambda handler, an app that has one, a Node listener or server, or a URL.
 *
 * @example await request(app).get('/hello/ada').expect('Content-Type', /html/).expect(200, 'Hello ada!')
 */
function request(target: Target, options: RequestOptions = {}): Client {
  const transport = toTransport(target, options)
  const tls = tlsOf(options)
  const begin = (method: string, path: string, calledAs: Caller): Test => {
    const settings = { defaultLimit: options.timeout ?? DEFAULT_LIMIT, calledAs }
    const test = new Test(transport, method, path, options.http2, settings)
    Object.assign(test.spec.tls, tls)
    return test
  }
  // Each verb is the client's own and needs no `this`: tests take them apart, `const { get } = request(app)`.
  const client = {} as Client
  for (const verb of [...METHODS, 'del'] as const) {
    const method = verb === 'del' ? 'delete' : verb
    client[verb] = function start(path) {
      return begin(method, path, start)
    }
  }
  client.request = function start(method, path) {
    return begin(method, path, start)
  }
  return client
}

/** A client that keeps cookies between requests, and settings that are made on it. */
export function agent(target: Target, options: RequestOptions = {}): TestAgent {
  return new TestAgent(target, options)
}
// supertest's is a constructor as well.
agent.prototype = TestAgent.prototype

/**
 * The request that a curl command line describes, sent to `target` instead of the URL's host.
 *
 * @example await fromCurl(app, `curl -X POST https://example.com/orders --json '{"sku":1}'`).expect(201)
 */
export function fromCurl(target: Target, command: string, options: RequestOptions = {}): Test {
  const { method, path, headers, user, body, form } = parseCurl(command)
  const test = request(target, options).request(method, path)
  for (const [name, value] of headers) test.set(name, value)
  if (user !== undefined) test.auth(user.split(':')[0]!, user.split(':').slice(1).join(':'))
  for (const [name, value] of form) {
    if (value.startsWith('@')) test.attach(name, value.slice(1))
    else test.field(name, value)
  }
  return body === undefined ? test : test.send(body)
}

/** `request` with every other export of the client as a member, so that CommonJS can have it as `module.exports`. */
export default Object.assign(request, {
  agent,
  CookieJar,
  cookies,
  fetchOf,
  fromCurl,
  listener,
  Response,
  Test,
  TestAgent,
})
