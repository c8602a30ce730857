import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { versions as deployed } from '../src/deployment/settings.ts'
import { version, versions } from '../src/versions.ts'

const root = join(import.meta.dirname, '../../..')
const { catalog } = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))

it('a project gets the versions that the catalog of this repository has', () => {
  const others = Object.entries(versions).filter(([name]) => !name.startsWith('@expressway/'))
  expect(Object.fromEntries(others)).toEqual(Object.fromEntries(others.map(([name]) => [name, catalog[name]])))
  const known = Object.entries(deployed).filter(([name]) => name in catalog)
  expect(known.length).toBeGreaterThan(0)
  for (const [name, range] of known) expect([name, range]).toEqual([name, catalog[name]])
})

it.each(['cli', 'core', 'express-shim', 'testing'] as const)('of @expressway/%s, the one of this package', (name) => {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
  expect(manifest.version).toBe(version)
  expect(versions[`@expressway/${name}`]).toBe(`^${version}`)
})
