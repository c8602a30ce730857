import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allowLog } from '../../../../test/expect-log.ts'
import { middleware } from './middleware.ts'
import { resultsOf } from './runner.ts'
import { toDocument } from './table.ts'
import type { TargetName } from './targets.ts'

describe.each(middleware)('$name', ({ scenarios }) => {
  test.each(scenarios)('$title', async (scenario) => {
    // Warned of once in a process, the second one by connect-flash.
    allowLog(/renames www-authenticate/)
    allowLog(/`util.isArray` API is deprecated/)
    const { cannot = {} } = scenario
    for (const [target, fault] of Object.entries(await resultsOf(scenario))) {
      const reason = cannot[target as TargetName]
      if (reason === undefined) expect(fault, target).toBeUndefined()
      else expect(fault, `${target} works after all, though "${reason}"`).toBeDefined()
    }
  })
})

test('docs/porting/middleware.md is what this run found', async () => {
  const file = new URL('../../../../docs/porting/middleware.md', import.meta.url)
  const document = await toDocument(middleware)
  if (process.env.UPDATE_DOCS) writeFileSync(file, document)
  expect(readFileSync(file, 'utf8'), 'run it again with UPDATE_DOCS=1').toBe(document)
}, 120_000)
