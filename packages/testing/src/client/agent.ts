import { CookieJar } from './cookie-jar.ts'
import type { Caller } from './request/call-site.ts'
import { copyListeners, Settings } from './request/settings.ts'
import { Test } from './request/test.ts'
import { DEFAULT_LIMIT } from './send/time-limit.ts'
import type { Transport } from './send/transport.ts'
import { copySpec, createSpec } from './spec.ts'
import { type Target, type TargetOptions, toTransport } from './target.ts'
import { METHODS, type Verb } from './verbs.ts'

/** What `request()` and `agent()` take beside the target. */
export interface RequestOptions extends TargetOptions {
  /** Milliseconds after which an unanswered request fails if it sets no limit itself; default 4500, 0 for no limit. */
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
class Agent extends Settings {
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
    const settings = { spec, defaultLimit: this.#limit, jar: this.jar, calledAs }
    const test = new Test(this.#transport, method, path, false, settings)
    copyListeners(this, test)
    for (const plugin of this.#plugins) plugin(test)
    return test
  }
}

/** An agent: cookies and settings that its requests share, and a method for each verb. */
export type TestAgent = Agent & Verbs

// The verbs are put on the prototype just below.
/** The class of agents; `agent(target, options)` makes one. */
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
