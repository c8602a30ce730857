import { join } from 'node:path'
import { expect, it } from 'vitest'
import { followImports, packageOf } from '../../src/doctor/own-files.ts'

const fixtures = join(import.meta.dirname, '../../test/doctor/fixtures')

it('follows what files name, with and without the extension, and no packages', () => {
  const entry = join(fixtures, 'parts.mjs')
  const files = ['parts.mjs', 'parts/index.js', 'parts-routes.mjs'].map((name) => join(fixtures, name))
  expect([...followImports(entry)]).toEqual(files)
  expect([...followImports(join(fixtures, 'stores.mjs'))]).toEqual([join(fixtures, 'stores.mjs')])
})

it('knows whose a file is', () => {
  expect(packageOf('/app/node_modules/.pnpm/a@1/node_modules/a/index.js')).toBe('a')
  expect(packageOf('/app/node_modules/@b/c/lib/index.js')).toBe('@b/c')
  expect(packageOf('/app/src/index.js')).toBeUndefined()
})
