// Suites that are written for the sources, once more with the packages as they are packed.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { install, run } from './installed.ts'

const root = resolve(import.meta.dirname, '../..')

it('the conformance, routing and differential suites hold for the packed packages', async () => {
  const { folder } = await install()
  const out = join(folder, 'suites.json')
  const env = { PACKED_PROJECT: folder }
  const args = ['run', '--config', 'test/packages/suites.config.ts', '--reporter=json', '--outputFile', out]
  const vitest = join(import.meta.dirname, 'node_modules/vitest/vitest.mjs')
  run(process.execPath, [vitest, ...args], root, env)
  const report = JSON.parse(readFileSync(out, 'utf8'))
  expect(report.success).toBe(true)
  expect(report.numPassedTests).toBeGreaterThan(500)
}, 300_000)
