import request from '@expressway/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CorsOptions, createApp } from '../src/index.ts'

const origins = ['https://a.example', 'https://b.example'] as const
const verbs = ['get', 'post', 'put', 'delete', 'patch'] as const
const awsHeaders = ['authorization', 'content-type', 'x-amz-date', 'x-api-key', 'x-amz-security-token']

type Policies = Partial<Record<(typeof verbs)[number], CorsOptions | false>>

const appOf = (policies: Policies) => {
  const app = createApp()
  for (const verb of verbs) if (policies[verb] !== undefined) app[verb]('/x', { cors: policies[verb] }, () => 'x')
  return app
}

interface Asked {
  readonly method: string
  readonly headers: readonly string[]
  /** Seconds since the request before. */
  readonly after: number
}

/** A browser's preflight and its cache, as the Fetch Standard describes them (sections 4.8 and 4.9), for one URL. */
class Browser {
  readonly #app: ReturnType<typeof appOf>
  readonly #origin: string
  readonly #cache = new Map<string, number>()
  #now = 0

  constructor(app: ReturnType<typeof appOf>, origin: string) {
    this.#app = app
    this.#origin = origin
  }

  /** Whether the browser sends the request, and whether it had to ask first. */
  async send({ method, headers, after }: Asked): Promise<{ sent: boolean; simple: boolean }> {
    this.#now += after
    const simple = isSafelisted(method) && headers.length === 0
    const cached = (entry: string): boolean => (this.#cache.get(entry) ?? Number.NEGATIVE_INFINITY) > this.#now
    const known =
      (isSafelisted(method) || cached(`method ${method}`)) && headers.every((name) => cached(`header ${name}`))
    return { sent: known || (await this.#preflight(method, headers)), simple }
  }

  async #preflight(method: string, wanted: readonly string[]): Promise<boolean> {
    const { statusCode, headers } = (await this.#app.handler(
      {
        httpMethod: 'OPTIONS',
        path: '/x',
        headers: {
          origin: this.#origin,
          'access-control-request-method': method,
          'access-control-request-headers': wanted.join(','),
        },
      },
      {},
    )) as { statusCode: number; headers: Record<string, string> }
    const allowOrigin = headers['access-control-allow-origin']
    if (statusCode !== 204 || (allowOrigin !== '*' && allowOrigin !== this.#origin)) return false
    const methods = headers['access-control-allow-methods']!.split(',')
    const names = headers['access-control-allow-headers']!.toLowerCase().split(',')
    if (!methods.includes(method) && !isSafelisted(method)) return false
    if (!wanted.every((name) => names.includes(name))) return false
    const end = this.#now + Number(headers['access-control-max-age'] ?? 5)
    for (const each of methods) this.#cache.set(`method ${each}`, end)
    for (const name of names) this.#cache.set(`header ${name}`, end)
    return true
  }
}

const isSafelisted = (method: string): boolean => ['GET', 'HEAD', 'POST'].includes(method)

/** Whether the policy of the method's own route lets this origin send these headers. */
function allows(policies: Policies, { method, headers }: Asked, origin: string): boolean {
  const policy = policies[method.toLowerCase() as (typeof verbs)[number]]
  if (!policy) return false
  const names = [...awsHeaders, ...(policy.allowHeaders ?? []).map((name) => name.toLowerCase())]
  const { allowOrigin = '*' } = policy
  return (allowOrigin === '*' || [allowOrigin].flat().includes(origin)) && headers.every((name) => names.includes(name))
}

const policy = fc.oneof(
  { weight: 1, arbitrary: fc.constant(false as const) },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        allowOrigin: fc.constantFrom('*', origins[0], origins[1], [...origins]),
        allowHeaders: fc.subarray(['X-A', 'X-B']),
        maxAge: fc.constantFrom(0, 60, 600),
      },
      { requiredKeys: [] },
    ),
  },
)
const policies = fc.record(
  { get: policy, post: policy, put: policy, delete: policy, patch: policy },
  { requiredKeys: [] },
) as fc.Arbitrary<Policies>
const asked = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'),
  headers: fc.subarray(['x-a', 'x-b']),
  after: fc.constantFrom(0, 1, 30, 100),
})

describe('a preflight', () => {
  it('lets no request through, then or from the cache, that the policy of its own route refuses', async () => {
    await fc.assert(
      fc.asyncProperty(
        policies,
        fc.constantFrom(...origins),
        fc.array(asked, { maxLength: 12 }),
        async (policies, origin, sequence) => {
          const browser = new Browser(appOf(policies), origin)
          for (const each of sequence) {
            const { sent, simple } = await browser.send(each)
            const method = each.method === 'HEAD' ? 'GET' : each.method
            if (sent && !simple && policies[method.toLowerCase() as 'get'] !== undefined)
              expect(allows(policies, { ...each, method }, origin), JSON.stringify(each)).toBe(true)
          }
        },
      ),
      { numRuns: 500 },
    )
  }, 60_000)

  it('does not list a method that opted out', async () => {
    const app = createApp({ cors: { maxAge: 600 } })
    app.get('/acct', () => 'x').delete('/acct', { cors: false }, () => 'x')
    const res = await preflight(app, 'GET')
    expect(res.headers['access-control-allow-methods']).toBe('GET,HEAD,OPTIONS')
    expect(res.headers['access-control-max-age']).toBe('0')
    expect((await preflight(app, 'DELETE')).headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('keeps its Max-Age if all methods of the path have one policy', async () => {
    const app = createApp({ cors: { maxAge: 600 } })
    app.get('/acct', () => 'x').delete('/acct', () => 'x')
    const res = await preflight(app, 'DELETE')
    expect(res.headers['access-control-allow-methods']).toBe('DELETE,GET,HEAD,OPTIONS')
    expect(res.headers['access-control-max-age']).toBe('600')
  })
})

const preflight = (app: ReturnType<typeof createApp>, method: string) =>
  request(app)
    .options('/acct')
    .set('Origin', 'https://a.example')
    .set('Access-Control-Request-Method', method)
    .expect(204)
