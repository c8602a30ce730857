import { describe, expect, it } from 'vitest'
import { type Contender, contenderNames } from './contender.ts'
import { assertAnswer } from './gate.ts'
import { context, eventOf, scenarios, sourceNames } from './scenarios.ts'

describe.each(contenderNames)('%s', (name) => {
  it.each(scenarios.flatMap((scenario) => sourceNames.map((source) => ({ source, scenario, name: scenario.name }))))(
    'answers $name on $source as every other contender does',
    async ({ source, scenario }) => {
      const { contender } = (await import(`./contenders/${name}.ts`)) as { contender: Contender }
      const handler = await contender[scenario.app]?.(scenario.routes ?? 0)
      if (handler === undefined) expect(['gzip', 'realistic']).toContain(scenario.app)
      else assertAnswer(await handler(JSON.parse(eventOf(source, scenario)), context), scenario.expected)
    },
  )
})

describe('the gate', () => {
  const expected = { status: 200, type: 'text/plain', body: 'Hello', cookie: 'a=1', headers: { 'x-one': '1' } }
  const right = {
    statusCode: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-One': '1' },
    cookies: ['a=1'],
    body: 'Hello',
  }

  it('takes an answer in any shape that means the same', () => {
    assertAnswer(right, expected)
    assertAnswer({ ...right, body: Buffer.from('Hello').toString('base64'), isBase64Encoded: true }, expected)
    const multiValueHeaders = { 'Set-Cookie': ['a=1'], 'content-type': ['text/plain'], 'x-one': ['1'] }
    assertAnswer({ statusCode: 200, multiValueHeaders, body: 'Hello' }, expected)
  })

  it.each([
    ['status', { ...right, statusCode: 201 }],
    ['media type', { ...right, headers: { ...right.headers, 'Content-Type': 'text/html' } }],
    ['content-encoding', { ...right, headers: { ...right.headers, 'content-encoding': 'gzip' } }],
    ['x-one', { ...right, headers: { 'content-type': 'text/plain' } }],
    ['cookie', { ...right, cookies: [] }],
    ['body', { ...right, body: 'Hallo' }],
  ])('names a wrong %s', (what, result) => {
    expect(() => assertAnswer(result, expected)).toThrow(`${what} is `)
  })
})
