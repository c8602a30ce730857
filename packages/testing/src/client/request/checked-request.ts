import { type CookieOptions, type Expectation, expectCookie } from '../expect/expectation.ts'
import { type Caller, type CallSite, callSite } from './call-site.ts'
import { expectJsonPath } from '../expect/json-path.ts'
import { expectBase64, expectChunk, expectNoWarnings, expectPrelude, expectResult } from '../expect/lambda.ts'
import { expectHandledBy } from '../send/layer-trace.ts'
import { RequestBuilder } from './request-builder.ts'

/** A check and where the test asked for it. */
export interface Check {
  expectation: Expectation
  site: CallSite
}

/** The expectations that go beyond supertest's. Like `.expect`, they run in order and the first failure counts. */
export class CheckedRequest extends RequestBuilder {
  /** @internal */
  readonly checks: Check[] = []

  /**
   * The response sets this cookie: with a value, one that matches, or with attributes.
   *
   * @example request(app).post('/login').expectCookie('session', /./, { httpOnly: true, path: '/' })
   */
  expectCookie(name: string, value?: string | RegExp | CookieOptions | null, options?: CookieOptions): this {
    return this.check(expectCookie(name, value, options), this.expectCookie)
  }

  /**
   * The body has this value at a path such as `$.items[0].name` or `items[*].id`: equal, matching, or by your own check.
   * Without a value, that there is one.
   */
  expectJsonPath(path: string, ...expected: [value?: unknown]): this {
    return this.check(expectJsonPath(path, expected), this.expectJsonPath)
  }

  /** The handler's raw result has these members (deeply, others are ignored), or passes your own check. */
  expectResult(expected: object | ((result: never) => unknown)): this {
    this.spec.lambdaOnly.push('expectResult')
    return this.check(expectResult(expected), this.expectResult)
  }

  /** The gateway took the answer without losing or changing anything: no warning. */
  expectGateway(expected: 'ok'): this {
    if (expected !== 'ok') throw new TypeError(`.expectGateway() takes 'ok', not ${String(expected)}`)
    this.spec.lambdaOnly.push('expectGateway')
    return this.check(expectNoWarnings, this.expectGateway)
  }

  /** The handler's result is base64, or with `false` is not. */
  expectBase64(expected = true): this {
    this.spec.lambdaOnly.push('expectBase64')
    return this.check(expectBase64(expected), this.expectBase64)
  }

  /** One of the streamed chunks (or the one at that index) equals this text or bytes, or matches. */
  expectChunk(expected: string | RegExp | Uint8Array, index?: number): this {
    return this.check(expectChunk(expected, index), this.expectChunk)
  }

  /**
   * A layer of the Express application took the request: by its function's name, its path, both for a route
   * (`GET /users/:id`), what these match, or the function itself. `res.trace` has all of them, in order.
   *
   * @example request(app).get('/users/7').expectHandledBy('authenticate').expectHandledBy('GET /users/:id')
   */
  expectHandledBy(layer: string | RegExp | ((...args: never[]) => unknown)): this {
    return this.traceLayers().check(expectHandledBy(layer), this.expectHandledBy)
  }

  /** The status and headers that a streaming handler sends ahead have these members. */
  expectPrelude(expected: object): this {
    this.spec.lambdaOnly.push('expectPrelude')
    return this.check(expectPrelude(expected), this.expectPrelude)
  }

  /** @internal */
  protected check(expectation: Expectation, above: Caller): this {
    this.checks.push({ expectation, site: callSite(above) })
    return this
  }
}
