// No framework: what a careful author writes by hand for exactly these routes. The physical limit.
import { gzipSync } from 'node:zlib'
import type { Contender, LambdaHandler } from '../contender.ts'
import { image, notFound, profile, securityHeaders, serverError, summarize, text } from '../data.ts'

interface Event {
  rawPath?: string
  path?: string
  httpMethod?: string
  requestContext: { http?: { method: string } }
  queryStringParameters?: Record<string, string>
  headers: Record<string, string>
  cookies?: string[]
  body?: string
  isBase64Encoded?: boolean
}

const type = { 'content-type': 'application/json' }
const json = (value: unknown, statusCode = 200) => ({ statusCode, headers: type, body: JSON.stringify(value) })
const pathOf = (event: Event): string => event.rawPath ?? event.path!
const methodOf = (event: Event): string => event.httpMethod ?? event.requestContext.http!.method
const bodyOf = ({ body = '', isBase64Encoded }: Event) =>
  JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body)

const handler = (answer: (event: Event) => unknown): LambdaHandler => {
  return async (event) => answer(event as Event)
}

function basic(event: Event): unknown {
  const path = pathOf(event)
  switch (path) {
    case '/hello':
      return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'Hello World' }
    case '/profile':
      return json(profile)
    case '/search': {
      const { q, page, limit } = event.queryStringParameters ?? {}
      return json({ q, page, limit })
    }
    case '/orders':
      if (methodOf(event) === 'POST') return json(summarize(bodyOf(event)), 201)
      break
    case '/logo.png':
      return {
        statusCode: 200,
        headers: { 'content-type': 'image/png' },
        body: image.toString('base64'),
        isBase64Encoded: true,
      }
  }
  const match = /^\/users\/([^/]+)\/posts\/([^/]+)$/.exec(path)
  if (match) return json({ userId: decodeURIComponent(match[1]!), postId: decodeURIComponent(match[2]!) })
  return json(notFound, 404)
}

function routes(count: number): (event: Event) => unknown {
  const indexes = new Map(Array.from({ length: count }, (_, index) => [`resource${index}`, index]))
  return (event) => {
    const [, resource, id, ...rest] = pathOf(event).split('/')
    const route = indexes.get(resource!)
    return route === undefined || !id || rest.length > 0 ? json(notFound, 404) : json({ route, id })
  }
}

function sessionOf({ cookies, headers }: Event): string | undefined {
  const header = cookies?.join('; ') ?? headers['Cookie'] ?? headers['cookie'] ?? ''
  return /(?:^|; )session=([^;]*)/.exec(header)?.[1]
}

function realistic(event: Event): unknown {
  const headers: Record<string, string> = { ...securityHeaders, 'content-type': 'application/json' }
  const answer = (statusCode: number, value: unknown) => ({ statusCode, headers, body: JSON.stringify(value) })
  try {
    const [, , resource, id] = pathOf(event).split('/')
    if (resource === 'users' && id) {
      headers['set-cookie'] = `seen=${id}; Path=/; HttpOnly`
      return answer(200, { ...profile, id: Number(id), session: sessionOf(event) })
    }
    if (resource === 'orders' && methodOf(event) === 'POST') return answer(201, summarize(bodyOf(event)))
    if (resource === 'orders' && id === 'broken') throw new Error('broken')
    return answer(404, notFound)
  } catch {
    return answer(500, serverError)
  }
}

export const contender: Contender = {
  basic: () => handler(basic),
  middleware: () => handler(() => json({ count: 5 })),
  routes: (count) => handler(routes(count)),
  gzip: () =>
    handler(() => ({
      statusCode: 200,
      headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
      body: gzipSync(text).toString('base64'),
      isBase64Encoded: true,
    })),
  realistic: () => handler(realistic),
}
