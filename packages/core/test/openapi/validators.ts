// Other people's validators: a document that one of them refuses is wrong.
import { validate as parseDocument } from '@readme/openapi-parser'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { Document } from '../../src/openapi.ts'

/** What the validators find wrong with a document; empty if it is right. */
export async function faultsOf(document: Document): Promise<string[]> {
  const copy = () => structuredClone(document) as never
  const validator = new Validator()
  const schema = await validator.validate(copy())
  const parsed = await parseDocument(copy())
  const config = await createConfig({
    extends: ['spec'],
    rules: {
      'operation-operationId-unique': 'error',
      'security-defined': { severity: 'error', exceptions: [] },
      'path-parameters-defined': 'error',
      'no-unresolved-refs': 'error',
      'no-invalid-schema-examples': 'error',
    },
  })
  const problems = await lintFromString({ source: JSON.stringify(document), config })
  return [
    ...(schema.valid ? [] : [`seriousme: ${JSON.stringify(schema.errors)}`]),
    ...(parsed.valid ? [] : [`readme: ${JSON.stringify(parsed.errors)}`]),
    ...problems
      .filter(({ ruleId, severity }) => severity === 'error' && ruleId !== 'security-defined')
      .map(({ ruleId, message, location }) => `redocly ${ruleId}: ${message} at ${location[0]?.pointer}`),
  ]
}
