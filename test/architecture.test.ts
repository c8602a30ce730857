import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const sources = globSync('packages/*/src/**/*.ts', { cwd: root }).filter((file) => !/\.test(-d)?\.ts$/.test(file))
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Modules that are loaded with the file: type imports are gone by then. */
const loadedBy = (file: string): string[] =>
  [...text(file).matchAll(/^(?:import|export)\s+(?!type\b)(?:[\w$*\s{},]+?\s+from\s+)?['"]([^'"]+)['"]/gm)].map(
    ([, name]) => name!,
  )

describe('the cold path', () => {
  const cold = sources.filter((file) => /^packages\/(core|express-shim)\//.test(file) && !file.includes('/bridge/'))

  it('loads no built-in module: one is reached where it is used', () => {
    const loading = cold.filter((file) => loadedBy(file).some((name) => name.startsWith('node:')))
    expect(loading).toEqual([])
    expect(cold.length).toBeGreaterThan(50)
  })

  it("names none of the web's classes, as to name one loads undici", () => {
    const naming = /\b(instanceof|typeof|new) (globalThis\.)?(Request|Response|Headers|FormData)\b/
    const code = (file: string) => text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*|(['"`])(?:\\.|(?!\1).)*\1/g, '')
    const own = (file: string, name: string) =>
      new RegExp(`(class|function) ${name}\\b|import [^;]*\\b${name}\\b`).test(text(file))
    const guilty = cold.filter((file) => {
      const found = naming.exec(code(file))
      return found !== null && !own(file, found[3]!)
    })
    expect(guilty).toEqual([])
  })
})

it('node:http is loaded by testing and cli alone: the bridge asks for it without an import', () => {
  const loading = sources.filter((file) => loadedBy(file).includes('node:http'))
  expect(loading.filter((file) => !/^packages\/(testing|cli)\/src\//.test(file))).toEqual([])
})

it('no file is named after nothing', () => {
  expect(sources.filter((file) => /\/(utils?|helpers?|common|misc)(\.ts|\/)/.test(file))).toEqual([])
})

it('every file that the documentation names exists', () => {
  const named = globSync('{*.md,docs/**/*.md,packages/*/README.md}', { cwd: root }).flatMap((page) =>
    [...text(page).matchAll(/`((?:packages|examples|docs|benchmarks|test|scripts)\/[\w./-]+\.\w+)`/g)].map(
      ([, file]) => file!,
    ),
  )
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
})
