import { type ChoiceName, type Choices, canStream, namesOf } from '../src/choices.ts'
import { packageManagerNames } from '../src/package-managers.ts'

type Dimensions = { [Name in ChoiceName]: Choices[Name][] } & { packageManager: Choices['packageManager'][] }

const all: Dimensions = {
  framework: namesOf('framework'),
  language: namesOf('language'),
  gateway: namesOf('gateway'),
  test: namesOf('test'),
  deploy: namesOf('deploy'),
  packageManager: packageManagerNames,
}

/** Every project that can be made, or those of some names. */
export function combinations(some: Partial<Dimensions> = {}): Choices[] {
  let made: Partial<Choices>[] = [{}]
  for (const [key, names] of Object.entries({ ...all, ...some }))
    made = names.flatMap((name) => made.map((choices) => ({ ...choices, [key]: name })))
  return made.flatMap((each) => {
    const choices = { streaming: false, ...each } as Choices
    return canStream(choices.gateway) ? [choices, { ...choices, streaming: true }] : [choices]
  })
}

/** The name of a project that is made so. */
export const nameOf = ({ framework, language, gateway, streaming, test, deploy }: Choices): string =>
  [framework, language, gateway, ...(streaming ? ['streaming'] : []), test, deploy].join('-').slice(0, 40)

/**
 * Projects of the given ones in which every two names, of different choices, are together at least once. Greedy: the project with the
 * most pairs that are not covered yet is next.
 */
export function pairwise(candidates: readonly Choices[]): Choices[] {
  const pairsOf = (choices: Choices): string[] => {
    const names = Object.entries(choices).map(([key, name]) => `${key}=${name}`)
    return names.flatMap((a, index) => names.slice(index + 1).map((b) => `${a} ${b}`))
  }
  const open = new Set(candidates.flatMap(pairsOf))
  const gain = (choices: Choices): number => pairsOf(choices).filter((pair) => open.has(pair)).length
  const chosen: Choices[] = []
  while (open.size > 0) {
    const best = candidates.reduce((a, b) => (gain(b) > gain(a) ? b : a))
    for (const pair of pairsOf(best)) open.delete(pair)
    chosen.push(best)
  }
  return chosen
}
