// CORS policies against a model of a browser's preflight and its cache.
import { strict as assert } from 'node:assert'
import { type CorsOptions, createApp } from '@expressway/core'
import fc from 'fast-check'
import { type Property, property } from './property.ts'

const origins = ['https://a.example', 'https://b.example'] as const
const verbs = ['get', 'post', 'put', 'delete', 'patch'] as const
// What every policy allows besides its own.
const awsHeaders = ['authorization', 'content-type', 'x-amz-date', 'x-api-key', 'x-amz-security-token']

/** For each path and method the policy of its route: `false` opted out, and a method that is left out has no route. */
type Policies = Partial<
  Record<
    (typeof verbs)[number],
    Pick<CorsOptions, 'allowOrigin' | 'allowHeaders' | 'maxAge' | 'allowCredentials'> | false
  >
>

interface Asked {
  readonly path: '/x' | '/y'
  readonly method: string
  readonly headers: readonly string[]
  readonly credentials: boolean
  /** Seconds since the request before. */
  readonly after: number
}

interface Visit {
  readonly routes: Record<Asked['path'], Policies>
  readonly origin: string
  readonly sequence: Asked[]
}

type Application = ReturnType<typeof createApp>

function appOf(routes: Visit['routes'], ran: string[]): Application {
  const app = createApp()
  for (const path of ['/x', '/y'] as const) {
    for (const verb of verbs) {
      const cors = routes[path][verb]
      if (cors !== undefined) app[verb](path, { cors }, () => void ran.push(`${verb} ${path}`) as never)
    }
  }
  return app
}

const isSafelisted = (method: string): boolean => ['GET', 'HEAD', 'POST'].includes(method)

/** A browser's preflight and its cache, as the Fetch Standard has them (sections 4.8 and 4.9). */
class Browser {
  readonly #app: Application
  readonly #origin: string
  readonly #cache = new Map<string, number>()
  #now = 0

  constructor(app: Application, origin: string) {
    this.#app = app
    this.#origin = origin
  }

  /** Whether the browser sends the request. */
  async sends(asked: Asked): Promise<boolean> {
    this.#now += asked.after
    const { method, headers } = asked
    const isKnown = (entry: string) => this.#isCached(asked, entry)
    const isMethodKnown = isSafelisted(method) || isKnown(`method ${method}`)
    return (isMethodKnown && headers.every((name) => isKnown(`header ${name}`))) || this.#preflight(asked)
  }

  // An entry that was made for requests with credentials is for those without as well.
  #isCached({ path, credentials }: Asked, entry: string): boolean {
    const ends = (credentials ? [true] : [true, false]).map((made) => this.#cache.get(`${path} ${made} ${entry}`) ?? -1)
    return Math.max(...ends) > this.#now
  }

  async #preflight({ path, method, headers: wanted, credentials }: Asked): Promise<boolean> {
    const asked = { 'access-control-request-method': method, 'access-control-request-headers': wanted.join(',') }
    const event = { httpMethod: 'OPTIONS', path, headers: { origin: this.#origin, ...asked } }
    const result = (await this.#app.handler(event, {})) as { statusCode: number; headers: Record<string, string> }
    const { statusCode, headers } = result
    const allowOrigin = headers['access-control-allow-origin']
    if (statusCode < 200 || statusCode > 299) return false
    if (allowOrigin !== this.#origin && (allowOrigin !== '*' || credentials)) return false
    if (credentials && headers['access-control-allow-credentials'] !== 'true') return false
    const listed = (name: string) => (headers[name] ?? '').split(',').map((each) => each.trim())
    const methods = listed('access-control-allow-methods')
    const names = listed('access-control-allow-headers').map((name) => name.toLowerCase())
    const has = (list: string[], item: string) => list.includes(item) || (!credentials && list.includes('*'))
    if (!isSafelisted(method) && !has(methods, method)) return false
    if (!wanted.every((name) => has(names, name))) return false
    const end = this.#now + Number(headers['access-control-max-age'] ?? 5)
    for (const each of methods) this.#cache.set(`${path} ${credentials} method ${each}`, end)
    for (const name of names) this.#cache.set(`${path} ${credentials} header ${name}`, end)
    return true
  }
}

/** Whether the policy of the request's own route lets this origin send these headers. */
function allows(policies: Policies, { method, headers, credentials }: Asked, origin: string): boolean {
  const policy = policies[(method === 'HEAD' ? 'get' : method.toLowerCase()) as (typeof verbs)[number]]
  if (!policy) return false
  const { allowOrigin = '*', allowHeaders = [], allowCredentials = false } = policy
  const names = [...awsHeaders, ...allowHeaders.map((name) => name.toLowerCase())]
  const isOrigin = allowOrigin === '*' || [allowOrigin].flat().includes(origin)
  return isOrigin && (allowCredentials || !credentials) && headers.every((name) => names.includes(name))
}

const policy = fc.oneof(
  { weight: 1, arbitrary: fc.constant(false as const) },
  {
    weight: 4,
    arbitrary: fc
      .record(
        {
          allowOrigin: fc.constantFrom('*', origins[0], origins[1], [...origins]),
          allowHeaders: fc.subarray(['X-A', 'X-B']),
          maxAge: fc.constantFrom(0, 60, 600),
          allowCredentials: fc.boolean(),
        },
        { requiredKeys: ['allowOrigin'] },
      )
      // Credentials for every origin are refused at registration.
      .map((made) => (made.allowOrigin === '*' ? { ...made, allowCredentials: false } : made)),
  },
)
const policies = fc.record(
  { get: policy, post: policy, put: policy, delete: policy, patch: policy },
  { requiredKeys: [] },
) as fc.Arbitrary<Policies>
const visits: fc.Arbitrary<Visit> = fc.record({
  routes: fc.record({ '/x': policies, '/y': policies }),
  origin: fc.constantFrom(...origins),
  sequence: fc.array(
    fc.record({
      path: fc.constantFrom('/x', '/y'),
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'),
      headers: fc.subarray(['x-a', 'x-b']),
      credentials: fc.boolean(),
      after: fc.constantFrom(0, 1, 4, 6, 30, 100),
    }),
    { minLength: 1, maxLength: 12 },
  ),
})

/** No handler runs for a request that its own route's policy refuses, whatever was asked before and is cached. */
async function lettingOnlyAllowed({ routes, origin, sequence }: Visit): Promise<string> {
  const ran: string[] = []
  const app = appOf(routes, ran)
  const browser = new Browser(app, origin)
  let sent = 0
  for (const asked of sequence) {
    const { path, method, headers } = asked
    // What a page sends without asking is not CORS's to stop.
    if (isSafelisted(method) && headers.length === 0) continue
    if (!(await browser.sends(asked))) continue
    ran.length = 0
    const event = {
      httpMethod: method,
      path,
      headers: Object.fromEntries([['origin', origin], ...headers.map((name) => [name, '1'])]),
    }
    await app.handler(event, {})
    sent++
    if (ran.length > 0) assert(allows(routes[path], asked, origin), `${JSON.stringify(asked)} ran ${ran}`)
  }
  return sent > 0 ? 'sent' : 'refused'
}

export const preflightProperties: readonly Property[] = [
  property('a preflight lets through what the route allows, then and from the cache', visits, lettingOnlyAllowed),
]
