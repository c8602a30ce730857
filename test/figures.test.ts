import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Figures, hello, measure } from './figures.ts'

/** Bytes of the minified bundle; docs/decisions/003-bundle-sizes.md has the reason for each increase. */
const budgets = { core: 84_100, 'express-shim': 162_400 }

const figures: Record<string, Figures> = {}

beforeAll(async () => {
  for (const [name, source] of Object.entries(hello)) figures[name] = await measure(source)
}, 120_000)

const beyondEmpty = (name: string): string[] => {
  const empty = new Set(figures.empty!.builtins)
  return figures[name]!.builtins.filter((builtin) => !empty.has(builtin))
}

describe('a cold start of hello', () => {
  it.each(Object.entries(budgets))('%s: its minified bundle is at most %i bytes', (name, budget) => {
    expect(figures[name]!.bytes).toBeLessThanOrEqual(budget)
  })

  it.each(Object.entries(budgets))('%s: the README says so', (name, budget) =>
    expect(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')).toContain(
      `| \`@expressway/${name}\` | ${budget / 1000} KB | 0 |`,
    ),
  )

  it.each(['core', 'express-shim'])('%s: the first JSON answers load no built-in module', (name) =>
    expect(beyondEmpty(name)).toEqual([]),
  )

  it('real Express loads dozens: the count does count', () =>
    expect(beyondEmpty('real express').length).toBeGreaterThan(50))
})

it('core has two runtime dependencies, and types', () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../packages/core/package.json'), 'utf8'))
  expect(Object.keys(manifest.dependencies).sort()).toEqual([
    '@standard-schema/spec',
    '@types/aws-lambda',
    'negotiator',
    'path-to-regexp',
  ])
})
