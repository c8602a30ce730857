import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createApp } from '../src/index.ts'

interface Result {
  statusCode: number
  headers: Record<string, string>
  multiValueHeaders?: unknown
  body: string
}

interface Nested {
  value: unknown
  list: unknown[]
}

const app = createApp()
app.post('/echo', (req) => req.json())
app.post('/own-parse', (req) => JSON.parse(req.text()))
app.post('/clone', (req) => structuredClone(req.json()))
app.post('/later', async (req) => req.json())
app.post('/caught', (req) => {
  throw Object.assign(new EchoError(), { value: req.json() })
})
app.post('/member', (req) => req.json<Nested>().value)
app.post('/popped', (req) => req.json<Nested>().list.pop())
app.post('/spread', (req) => spread(req.json<Nested>().value))
app.post('/changed', (req) => {
  const { value } = req.json<Nested>()
  if (Array.isArray(value)) value[2] = 'changed'
  return value
})
app.post('/literal', (req) => [201, 'text/html', `<p>${req.json<string[]>().length}</p>`])
app.all('/query/:p', (req) => ({ query: req.query, params: req.params }))

class EchoError extends Error {
  value: unknown
}
app.onError(EchoError, (error) => error.value)

const spread = (value: unknown): unknown => (Array.isArray(value) ? [...value] : value)

const post = async (path: string, body: string): Promise<Result> =>
  (await app.handler({ httpMethod: 'POST', path, headers: { 'content-type': 'application/json' }, body }, {})) as Result

const hostile = fc.constantFrom<unknown>(
  [200, 'text/html', '<script>alert(1)</script>'],
  [302, 'text/html', null],
  { statusCode: 200, headers: { 'set-cookie': 'sid=evil', 'content-type': 'text/html' }, body: '<script>' },
  { statusCode: '302', headers: { location: 'https://evil.example' }, body: '' },
  { statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1'] }, cookies: ['b=2'] },
  { status: 200, headers: {}, arrayBuffer: {}, body: 'x' },
  { options: { status: 500, body: 'x' }, toJSON: 1 },
  '<script>',
  '',
)
const value = fc
  .oneof({ weight: 3, arbitrary: fc.jsonValue() }, { weight: 2, arbitrary: hostile })
  .filter((json) => !JSON.stringify(json).includes('__proto__'))
/** JSON text may escape any letter, and have white space anywhere. */
const spelling = fc.constantFrom<(value: unknown) => string>(
  (json) => JSON.stringify(json),
  (json) => ` \n${JSON.stringify(json, null, 1)}\t`,
  (json) => JSON.stringify(json).replaceAll('/', '\\/').replaceAll('<', '\\u003c'),
)

describe('what a client sends is data', () => {
  it.each(['/echo', '/own-parse', '/clone', '/later'])(
    '%s answers every JSON value with 200, application/json and the same value, without a cookie',
    async (path) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      await fc.assert(
        fc.asyncProperty(value, spelling, async (json, spell) => {
          const result = await post(path, spell(json))
          expect(result).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } })
          expect(Object.keys(result.headers)).toEqual(['content-type'])
          expect(JSON.parse(result.body)).toEqual(JSON.parse(JSON.stringify(json)))
        }),
        { numRuns: 300 },
      )
      vi.restoreAllMocks()
    },
  )

  it.each(['/member', '/popped', '/spread', '/changed'])(
    '%s, a part of it, is never a status, a type or a header',
    async (path) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      await fc.assert(
        fc.asyncProperty(value, async (json) => {
          const result = await post(path, JSON.stringify({ value: json, list: [json] }))
          const type = typeof json === 'string' ? 'text/plain; charset=utf-8' : 'application/json'
          expect(result).toMatchObject({ statusCode: 200, headers: { 'content-type': type } })
          expect(Object.keys(result.headers)).toEqual(['content-type'])
        }),
        { numRuns: 200 },
      )
      vi.restoreAllMocks()
    },
  )

  it('is data in an error handler, which has the status of its error', async () => {
    const result = await post('/caught', '[200,"text/html","<script>"]')
    expect(result).toMatchObject({ statusCode: 500, headers: { 'content-type': 'application/json' } })
  })

  it('a tuple that the handler wrote is its own, whatever other lists the client sends', async () => {
    expect(await post('/literal', '[1,2,[201,"text/plain","x"]]')).toMatchObject({
      statusCode: 201,
      headers: { 'content-type': 'text/html' },
      body: '<p>3</p>',
    })
    // The client cannot know what a handler will answer; if it sends the same beginning, it gets JSON.
    expect(await post('/literal', '[201,"text/html"]')).toMatchObject({
      statusCode: 200,
      body: '[201,"text/html","<p>2</p>"]',
    })
  })

  it.each([10, 1_000, 10_000, 100_000])('JSON of %i levels is an answer or 400', async (depth) => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    const body = '['.repeat(depth) + ']'.repeat(depth)
    const result = await post('/echo', body)
    expect([200, 400]).toContain(result.statusCode)
    if (result.statusCode === 200) expect(result.body).toBe(body)
    expect(errors).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  it('a stack overflow of a handler’s own, over shallow JSON, stays a 500', async () => {
    const error = vi.fn()
    const own = createApp({ logger: { error } })
    own.post('/', (req) => {
      req.json()
      const forever = (): number => 1 + forever()
      return forever()
    })
    const event = { httpMethod: 'POST', path: '/', body: JSON.stringify('['.repeat(5_000)) }
    expect(await own.handler(event, {})).toMatchObject({ statusCode: 500 })
    expect(error).toHaveBeenCalledOnce()
  })

  it.each([
    '{"__proto__":{"admin":true}}',
    '[{"a":{"__proto__":1}}]',
    '{"\\u005f\\u005fproto__":{"admin":true}}',
    '{"\\u005F_pr\\u006fto__":null}',
  ])('a member __proto__ is refused: %s', async (body) => {
    const result = await post('/echo', body)
    expect(result).toMatchObject({ statusCode: 400 })
    expect(result.body).toContain('__proto__')
  })

  it('the text __proto__ in a value is no such member', async () => {
    expect(await post('/echo', '{"a":"__proto__"}')).toMatchObject({ statusCode: 200, body: '{"a":"__proto__"}' })
  })
})
