import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { version, versions } from '../src/versions.ts'

const root = join(import.meta.dirname, '../../..')
const { catalog } = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))

/** Tools of a deployment that no test of this repository runs. */
const foreign = ['aws-cdk', 'serverless', 'sst']

it('a project gets the versions that the catalog of this repository has', () => {
  const others = Object.keys(versions).filter((name) => !name.startsWith('@expressway/') && !foreign.includes(name))
  for (const name of others) expect([name, versions[name as keyof typeof versions]]).toEqual([name, catalog[name]])
  expect(others.length).toBeGreaterThan(10)
})

it.each(['cli', 'core', 'express-shim', 'testing'] as const)('of @expressway/%s, the one of this package', (name) => {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
  expect(manifest.version).toBe(version)
  expect(versions[`@expressway/${name}`]).toBe(`^${version}`)
})
