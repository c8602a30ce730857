import { strict as assert } from 'node:assert'

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const lineBreak = /[\r\n\0]/

/** Asserts that a result is one that its gateway takes, and nothing that could split an answer. Returns its status. */
export function assertResult(result: unknown): number {
  // A clone has plain prototypes, as what JSON gives has.
  assert.deepEqual(JSON.parse(JSON.stringify(result)), structuredClone(result), 'a result is JSON')
  const { statusCode, headers, multiValueHeaders, cookies, body, isBase64Encoded, ...rest } = result as Record<
    string,
    unknown
  >
  assert(Number.isInteger(statusCode) && (statusCode as number) >= 100 && (statusCode as number) <= 999, 'a status')
  for (const [name, value] of Object.entries(headers ?? {})) assertField(name, value)
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    assert(Array.isArray(values) && values.length > 0, `${name} has lines`)
    assertField(name, values)
  }
  for (const cookie of (cookies as unknown[] | undefined) ?? []) assertField('set-cookie', cookie)
  assert(typeof body === 'string', 'a body is text')
  assert(isBase64Encoded === undefined || typeof isBase64Encoded === 'boolean', 'isBase64Encoded is a boolean')
  assert.deepEqual(
    Object.keys(rest).filter((name) => name !== 'statusDescription'),
    [],
    'no other members',
  )
  return statusCode as number
}

function assertField(name: string, value: unknown): void {
  assert(token.test(name), `${JSON.stringify(name)} is a header's name`)
  for (const line of [value].flat()) assert(typeof line === 'string' && !lineBreak.test(line), `${name} is one line`)
}
