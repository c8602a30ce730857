import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

it('has these entries and this program, in the sources and as published', () => {
  const { exports, bin, publishConfig } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(exports).toEqual({ './server': './src/server.ts', './package.json': './package.json' })
  expect(Object.keys(publishConfig.exports)).toEqual(Object.keys(exports))
  expect([bin, publishConfig.bin]).toEqual([{ expressway: './src/bin.ts' }, { expressway: './dist/bin.js' }])
})
