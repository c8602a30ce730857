import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

it("no file is named after nothing, but for Express's own", () => {
  const own = sources.filter((file) => !file.startsWith('packages/express-shim/src/lib/'))
  expect(own.filter((file) => /\/(utils?|helpers?|common|misc)(\.ts|\/)/.test(file))).toEqual([])
})

// In Biome a later override replaces the options of an earlier one, so each folder is asked for itself.
describe('the linter refuses an import', () => {
  const core = ['message', 'sources', 'router', 'app', 'handler', 'finish', 'entry'].map((room) => `core/src/${room}`)
  const walls: [folder: string, imported: string][] = [
    ...['core/src', ...core].map((room): [string, string] => [room, '@expressway/testing']),
    ...['core/src', ...core].map((room): [string, string] => [room, '@expressway/express-shim']),
    ['core/src/message', '../app/app.ts'],
    ['core/src/message', '../sources/detect.ts'],
    ['core/src/sources', '../app/app.ts'],
    ['core/src/router', '../message/message.ts'],
    ['core/src/handler', '../sources/detect.ts'],
    ['core/src/finish', '../app/app.ts'],
    ['core/src/entry', '../app/app.ts'],
    ['core/src/app', '../sources/detect.ts'],
    ['express-shim/src', '@expressway/testing'],
    ['express-shim/src/routing', '@expressway/testing'],
    ['express-shim/src/bridge', '@expressway/testing'],
    ['express-shim/src/bridge', '../request.ts'],
    ['testing/src', '@expressway/core'],
    ['testing/src/gateways', '@expressway/express-shim'],
    ['testing/src/client', '@expressway/core'],
    ['testing/src/client/http', '@expressway/core'],
    ['testing/src/client/send', '@expressway/core'],
    ['testing/src/client/response', '@expressway/core'],
    ['testing/src/client/expect', '@expressway/core'],
    ['cli/src', '@expressway/core'],
    ['create/src', '@expressway/core'],
    ['create/src', '@expressway/cli'],
    ['create/src', '../../cli/src/arguments.ts'],
    ['create/src', '../../cli/src/process/apart.ts'],
    ['create/src/deployment', '@expressway/testing'],
  ]

  it('behind each wall', () => {
    const folder = mkdtempSync(join(tmpdir(), 'expressway-walls-'))
    const fileOf = ([room]: [string, string], index: number) => `packages/${room}/wall-${index}.ts`
    try {
      cpSync(join(root, 'biome.json'), join(folder, 'biome.json'))
      for (const [index, wall] of walls.entries()) {
        const file = join(folder, fileOf(wall, index))
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, `import { x } from '${wall[1]}'\n\nexport const y = x\n`)
      }
      const rule = ['--only=style/noRestrictedImports', '--max-diagnostics=none', '--vcs-enabled=false']
      const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', ...rule], {
        cwd: folder,
        encoding: 'utf8',
      })
      const open = walls.filter((wall, index) => !(stdout + stderr).includes(`${fileOf(wall, index)}:`))
      expect(open).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

it('no test lives among the sources', () => {
  expect(globSync('packages/*/src/**/*.test*.ts', { cwd: root })).toEqual([])
})

it('every file that the documentation names exists', () => {
  const named = globSync('{*.md,docs/**/*.md,packages/*/README.md}', { cwd: root }).flatMap((page) =>
    [...text(page).matchAll(/`((?:packages|examples|docs|benchmarks|test|scripts)\/[\w./-]+\.\w+)`/g)].map(
      ([, file]) => file!,
    ),
  )
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
})
