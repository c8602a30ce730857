// Projects of `npm create @expressway` as a user has them: made by the packed command, with installed packages, through their scripts.
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Choices } from '../../packages/create/src/choices.ts'
import { combinations, pairwise } from '../../packages/create/test/combinations.ts'
import request from '../../packages/testing/src/index.ts'
import { choiceOf, type Installation, installFor, type Manager, registryOfProjects } from './created.ts'
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

const rows = pairwise(combinations({ deploy: ['none'], packageManager: ['npm'] }))
// Each package manager installs one test runner, so that it is installed once.
const managers: Record<Choices['test'], Manager[]> = { vitest: ['npm'], jest: ['pnpm'], node: ['Yarn 1', 'Yarn 4'] }
const rowsOf = (manager: Manager): Choices[] =>
  rows
    .filter(({ test }, index) => managers[test][index % managers[test].length] === manager)
    .map((choices) => ({ ...choices, packageManager: choiceOf(manager) }))
const title = (choices: Choices): string => Object.values(choices).join(', ')

describe.each(Object.values(managers).flat())('%s installs; test and build run', (manager) => {
  let installation: Installation

  beforeAll(async () => {
    installation = await installFor(manager, rowsOf(manager), scratch, registry)
  }, 120_000)

  it.each(rowsOf(manager).map((choices) => [title(choices), choices] as const))(
    '%s',
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
})
