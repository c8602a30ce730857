import { describe, expect, it } from 'vitest'
import { type Contender, contenderNames, contenders } from './contender.ts'
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

it('knows the packages of each contender', () => {
  expect(Object.keys(contenders)).toHaveLength(12)
})
