import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generated } from './generated.ts'

// `vitest -u` writes the files again after a change of packages/create.
describe('the folders beside this test are what the generators write', () => {
  it.each(generated)('$name', async ({ name, files }) => {
    for (const [file, text] of Object.entries(files))
      await expect(text).toMatchFileSnapshot(join(import.meta.dirname, name, file))
    const written = globSync('**', { cwd: join(import.meta.dirname, name), withFileTypes: true })
    const paths = written.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    expect(paths.sort()).toEqual(
      Object.keys(files)
        .map((file) => join(import.meta.dirname, name, file))
        .sort(),
    )
  })

  it('and no others', () => {
    const folders = globSync('*/', { cwd: import.meta.dirname }).map((folder) => folder.replace(/\/$/, ''))
    expect(folders.sort()).toEqual(generated.map(({ name }) => name).sort())
  })
})
