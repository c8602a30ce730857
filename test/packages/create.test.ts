// Projects of `npm create @expressway` as a user has them: made by the packed command, with installed packages, through their scripts.
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Choices, namesOf } from '../../packages/create/src/choices.ts'
import { combinations, pairwise } from '../../packages/create/test/combinations.ts'
import request from '../../packages/testing/src/index.ts'
import { choiceOf, type Installation, installFor, type Manager, managerNames, registryOfProjects } from './created.ts'
import type { Registry } from './registry.ts'

let scratch: string
let registry: Registry

beforeAll(async () => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'expressway-created-')))
  registry = await registryOfProjects(scratch)
}, 120_000)

afterAll(async () => {
  await registry?.close()
  rmSync(scratch, { recursive: true, force: true })
}, 120_000)

/** `pnpm test:create-all`: every project with every package manager. It takes many minutes. */
const all = process.env['CREATE_ALL'] !== undefined

const sources = combinations({ deploy: ['none'], packageManager: ['npm'] })
const rows = all ? sources : pairwise(sources)
// Otherwise each package manager installs one test runner: an installation takes most of the time.
const managers: Record<Choices['test'], readonly Manager[]> = all
  ? { vitest: managerNames, jest: managerNames, node: managerNames }
  : { vitest: ['npm'], jest: ['pnpm'], node: ['Yarn 1', 'Yarn 4'] }

/** The projects of a package manager; their deployments take turns. */
function rowsOf(manager: Manager): Choices[] {
  const own = rows.filter(({ test }, index) => all || managers[test][index % managers[test].length] === manager)
  const tools = namesOf('deploy')
  const packageManager = choiceOf(manager)
  return own.map((choices, index) => ({ ...choices, packageManager, deploy: tools[index % tools.length]! }))
}

/** The projects in TypeScript whose types are checked with the packages of a package manager. */
const typedOf = (manager: Manager): Choices[] =>
  sources.filter(({ language, test }) => language === 'typescript' && managers[test][0] === manager)

const title = ({ framework, language, gateway, streaming, test, deploy }: Choices): string =>
  [framework, language, gateway, ...(streaming ? ['streaming'] : []), test, deploy].join(', ')

describe.each(managerNames)('%s installs', (manager) => {
  let installation: Installation

  beforeAll(async () => {
    installation = await installFor(manager, [...rowsOf(manager), ...typedOf(manager)], scratch, registry)
  }, 240_000)

  it.each(rowsOf(manager).map((choices) => [title(choices), choices] as const))(
    'and runs test and build: %s',
    async (_, choices) => {
      const path = installation.make(choices)
      await installation.run(path, 'test')
      await installation.run(path, 'build')
      expect(readdirSync(join(path, 'dist')).sort()).toEqual(['handler.mjs', 'handler.mjs.map'])
      const { handler } = await import(pathToFileURL(join(path, 'dist/handler.mjs')).href)
      const asked = request(handler, { gateway: choices.gateway }).get('/hello/ada')
      await (choices.streaming ? asked.stream() : asked).expect(200, { message: 'Hello ada!' })
    },
    60_000,
  )

  const typed = new Set(typedOf(manager).map(({ test }) => test))
  it.each([...typed])(
    'and checks the types of every project with %s',
    async (test) => {
      const projects = typedOf(manager).filter((choices) => choices.test === test)
      const paths = projects.map((choices) => installation.make({ ...choices, deploy: 'none' }))
      const include = paths.flatMap((path) => [`${path}/src`, `${path}/test`])
      const config = { extends: `${paths[0]}/tsconfig.json`, include }
      writeFileSync(join(installation.folder, `tsconfig.${test}.json`), JSON.stringify(config))
      await installation.node(['node_modules/typescript/bin/tsc', '-p', `tsconfig.${test}.json`])
      expect(paths.length).toBe(12)
    },
    60_000,
  )
})
