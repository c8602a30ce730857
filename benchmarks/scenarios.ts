import { httpApiEvent, restApiEvent } from '@expressway/testing/events'
import type { Contender } from './contender.ts'
import { image, notFound, order, profile, securityHeaders, serverError, summarize, text } from './data.ts'

export type SourceName = 'rest-api' | 'http-api'
export const sourceNames: readonly SourceName[] = ['http-api', 'rest-api']

/** What every contender has to answer, byte by byte, before it is timed. */
export interface Expected {
  readonly status: number
  readonly type: string
  /** Text, or base64 of the bytes. */
  readonly body: string
  readonly isBase64?: boolean
  readonly encoding?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly cookie?: string
}

export interface Scenario {
  readonly name: string
  readonly app: keyof Contender
  /** Of the application with many routes. */
  readonly routes?: number
  readonly request: {
    readonly method?: string
    readonly path: string
    readonly query?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: object
  }
  readonly expected: Expected
}

const json = (value: unknown, status = 200): Expected => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
})

const routing = (routes: number): Scenario[] =>
  [
    { at: 'first', index: 0 },
    { at: 'middle', index: routes / 2 },
    { at: 'last', index: routes - 1 },
    { at: 'miss', index: routes },
  ].map(({ at, index }) => ({
    name: `routes-${routes}-${at}`,
    app: 'routes',
    routes,
    request: { path: `/resource${index}/7` },
    expected: at === 'miss' ? json(notFound, 404) : json({ route: index, id: '7' }),
  }))

const realistic = { app: 'realistic' } as const

export const scenarios: readonly Scenario[] = [
  {
    name: 'hello',
    app: 'basic',
    request: { path: '/hello' },
    expected: { status: 200, type: 'text/plain', body: 'Hello World' },
  },
  { name: 'get-json', app: 'basic', request: { path: '/profile' }, expected: json(profile) },
  {
    name: 'path-param',
    app: 'basic',
    request: { path: '/users/42/posts/1815' },
    expected: json({ userId: '42', postId: '1815' }),
  },
  {
    name: 'query',
    app: 'basic',
    request: { path: '/search', query: 'q=analytical%20engine%20caf%C3%A9&page=2&limit=10' },
    expected: json({ q: 'analytical engine café', page: '2', limit: '10' }),
  },
  {
    name: 'post-json',
    app: 'basic',
    request: { method: 'POST', path: '/orders', body: order },
    expected: json(summarize(order), 201),
  },
  { name: 'mw-5', app: 'middleware', request: { path: '/' }, expected: json({ count: 5 }) },
  // The yardstick of the goal for 1,000 routes.
  routing(10).find(({ name }) => name.endsWith('middle'))!,
  ...routing(50),
  ...routing(1000),
  { name: 'not-found', app: 'basic', request: { path: '/nowhere' }, expected: json(notFound, 404) },
  {
    name: 'binary',
    app: 'basic',
    request: { path: '/logo.png' },
    expected: { status: 200, type: 'image/png', body: image.toString('base64'), isBase64: true },
  },
  {
    name: 'gzip-100kb',
    app: 'gzip',
    request: { path: '/text' },
    expected: { status: 200, type: 'text/plain', body: text, encoding: 'gzip' },
  },
  {
    ...realistic,
    name: 'app-get',
    request: { path: '/api/users/42' },
    expected: {
      ...json({ ...profile, session: 'abc123' }),
      headers: securityHeaders,
      cookie: 'seen=42; Path=/; HttpOnly',
    },
  },
  {
    ...realistic,
    name: 'app-post',
    request: { method: 'POST', path: '/api/orders', body: order },
    expected: { ...json(summarize(order), 201), headers: securityHeaders },
  },
  {
    ...realistic,
    name: 'app-error',
    request: { path: '/api/orders/broken' },
    expected: { ...json(serverError, 500), headers: securityHeaders },
  },
]

const browser = {
  accept: 'application/json, text/plain, */*',
  'accept-encoding': 'gzip, deflate',
  'accept-language': 'en-GB,en;q=0.9',
  cookie: 'session=abc123; theme=dark',
  referer: 'https://www.example.com/orders',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
}

/** The event that the gateway would make of the scenario's request, as JSON. */
export function eventOf(source: SourceName, { request }: Pick<Scenario, 'request'>): string {
  const { method = 'GET', path, query = '', headers, body } = request
  const description = { method, path, query, headers: { ...browser, ...headers }, body }
  return JSON.stringify(source === 'rest-api' ? restApiEvent(description) : httpApiEvent(description))
}

export const context = {
  awsRequestId: '00000000-0000-4000-8000-000000000002',
  functionName: 'benchmark',
  functionVersion: '$LATEST',
  memoryLimitInMB: '128',
  getRemainingTimeInMillis: () => 30_000,
}
