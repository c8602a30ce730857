import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Every name that a source file exports, with `type` for an interface or type; names exported onward are followed. */
function typesOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const own = [...text.matchAll(/^export (?:declare )?(?:interface|type) (\w+)/gm)].map(([, name]) => name!)
  const lists = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, all, list]) =>
    list!
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '' && (all !== undefined || one.startsWith('type ')))
      .map(
        (one) =>
          one
            .replace(/^type /, '')
            .split(' as ')
            .at(-1)!,
      ),
  )
  const onward = [...text.matchAll(/^export \* from '(\..*)'/gm)].flatMap(([, to]) => typesOf(join(file, '..', to!)))
  return [...own, ...lists, ...onward]
}

describe('the public surface changes only together with its file', () => {
  test.each(['core', 'express-shim', 'testing', 'cli', 'create'])('%s', async (name) => {
    const folder = join(root, 'packages', name)
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: object }
    const lines: string[] = []
    for (const [entry, target] of Object.entries(exports)) {
      const file = typeof target === 'string' ? target : ''
      const isFolder = entry.includes('*')
      if (!file.endsWith('.ts') || isFolder || entry === './run-handler' || entry === './vitest') {
        lines.push(entry) // A folder, a program, vitest's own set-up, and a manifest: nothing to import by name but types.
        if (entry === './vitest')
          lines.push(
            ...typesOf(join(folder, file))
              .map((type) => `  ${type}: type`)
              .sort(),
          )
        continue
      }
      const values = (await import(/* @vite-ignore */ join(folder, file))) as object
      const named = Object.entries(values).map(([key, value]) => `  ${key}: ${typeof value}`)
      const types = [...new Set(typesOf(join(folder, file)))].map((type) => `  ${type}: type`)
      lines.push(entry, ...[...named, ...types].sort())
    }
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`surface/${name}.txt`)
  })
})
