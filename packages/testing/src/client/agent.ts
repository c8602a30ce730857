import type { Caller } from './request/call-site.ts'
import type { Transport } from './exchange.ts'
import { GatewayDefaults } from './request/gateway-defaults.ts'
import { copyListeners } from './request/listeners.ts'
import { METHODS, type Verb } from './verbs.ts'
import { copySpec, createSpec } from './spec.ts'
import { type Target, type TargetOptions, toTransport } from './target.ts'
import { Test } from './request/test.ts'
import { DEFAULT_LIMIT } from './send/time-limit.ts'
import { CookieJar } from './cookie-jar.ts'

/** What `request()` and `agent()` take beside the target. */
export interface RequestOptions extends TargetOptions {
  /** Milliseconds before an unanswered request fails where it sets no limit of its own; 4500 unless told, 0 is none. */
  timeout?: number
  ca?: string | Buffer | (string | Buffer)[]
  key?: string | Buffer
  cert?: string | Buffer
  pfx?: string | Buffer
  rejectUnauthorized?: boolean
}

/** The verbs, each of which begins a request. */
export type Verbs = { [V in Exclude<Verb, 'query'>]: (path: string) => Test } & { del(path: string): Test }

/** A client that keeps cookies, and settings for each of its requests. */
class Agent extends GatewayDefaults {
  readonly jar = new CookieJar()
  readonly #transport: Transport
  readonly #limit: number
  readonly #plugins: ((request: Test) => void)[] = []

  constructor(target: Target, options: RequestOptions = {}) {
    super(createSpec('GET', '/'))
    this.#transport = toTransport(target, options)
    this.#limit = options.timeout ?? DEFAULT_LIMIT
    Object.assign(this.spec.tls, tlsOf(options))
    this.spec.http2 = options.http2 ?? false
  }

  /** Applies a plugin to each request. */
  // biome-ignore lint/suspicious/noExplicitAny: a plugin for superagent's requests names its own type
  override use(plugin: (request: any) => void): this {
    this.#plugins.push(plugin)
    return this
  }

  /** Sets `Host` for each request. */
  host(host: string): this {
    return this.set('host', host)
  }

  /** Begins a request with any method. */
  request(method: string, path: string, calledAs: Caller = this.request): Test {
    const spec = { ...copySpec(this.spec), method: method.toUpperCase(), path }
    const test = new Test(this.#transport, method, path, false, { spec, defaultLimit: this.#limit, calledAs })
    test.jar = this.jar
    copyListeners(this, test)
    for (const plugin of this.#plugins) plugin(test)
    return test
  }
}

export type TestAgent = Agent & Verbs

// The verbs are put on the prototype just below.
export const TestAgent = Agent as unknown as new (target: Target, options?: RequestOptions) => TestAgent

/** What of the options belongs to HTTPS. */
export function tlsOf({ ca, key, cert, pfx, rejectUnauthorized }: RequestOptions): Record<string, unknown> {
  const options = { ca, key, cert, pfx, rejectUnauthorized }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

for (const verb of METHODS.filter((name) => name !== 'query')) {
  TestAgent.prototype[verb as Exclude<Verb, 'query'>] = function begin(this: TestAgent, path: string) {
    return this.request(verb, path, begin)
  }
}
TestAgent.prototype.del = TestAgent.prototype.delete
