// The suites that `suites.test.ts` runs: with the packed packages in place of the sources.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vitest/config'
import { entriesOf, type Manifest } from '../../scripts/published.ts'

const root = resolve(import.meta.dirname, '../..')
const project = createRequire(join(process.env.PACKED_PROJECT!, 'package.json'))

/** What `../src/index.ts` of a test is in a packed package. */
function packedEntry(file: string): string | undefined {
  const [, name, source] = /^packages\/([^/]+)\/(src\/.+)$/.exec(relative(root, file)) ?? []
  if (!name) return undefined
  const manifest: Manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
  const entry = entriesOf(manifest).find((each) => each.source === `./${source}`)
  if (!entry)
    throw new Error(`${file} is no entry of ${manifest.name}: a suite for the packed packages imports entries only.`)
  return project.resolve(join(manifest.name, entry.path))
}

const packed: Plugin = {
  name: 'packed',
  enforce: 'pre',
  resolveId(id, importer) {
    if (id.startsWith('@expressway/')) return { id: project.resolve(id), external: true }
    const found = importer && id.startsWith('.') ? packedEntry(resolve(importer, '..', id)) : undefined
    return found && { id: found, external: true }
  },
}

export default defineConfig({
  plugins: [packed],
  test: {
    root,
    include: [
      'packages/core/test/conformance.test.ts',
      'packages/express-shim/test/{routing,stack}.test.ts',
      'packages/express-shim/test/differential/*.test.ts',
    ],
    maxWorkers: 1,
    testTimeout: 30_000,
    setupFiles: ['test/setup/seed.ts'],
  },
})
