import { describe, expect, test } from 'vitest'
import { middleware } from './middleware.ts'
import { resultsOf } from './runner.ts'
import type { TargetName } from './targets.ts'

describe.each(middleware)('$name', ({ scenarios }) => {
  test.each(scenarios)('$title', async (scenario) => {
    const { cannot = {} } = scenario
    for (const [target, fault] of Object.entries(await resultsOf(scenario))) {
      const reason = cannot[target as TargetName]
      if (reason === undefined) expect(fault, target).toBeUndefined()
      else expect(fault, `${target} works after all, though "${reason}"`).toBeDefined()
    }
  })
})
