import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as server from '../src/server.ts'

const root = join(import.meta.dirname, '..')

/** What a module's source exports: values with their kind, and types. */
function exportsOf(file: string, values: object): Record<string, string> {
  const text = readFileSync(join(root, file), 'utf8')
  const types = [...text.matchAll(/^export (?:interface|type) (?:\{ ?)?(\w+)/gm)].map(([, name]) => [name!, 'type'])
  return Object.fromEntries([...Object.entries(values).map(([name, value]) => [name, typeof value]), ...types])
}

it('has these entries and this program, in the sources and as published', () => {
  const { exports, bin, publishConfig } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(exports).toEqual({ './server': './src/server.ts', './package.json': './package.json' })
  expect(Object.keys(publishConfig.exports)).toEqual(Object.keys(exports))
  expect([bin, publishConfig.bin]).toEqual([{ expressway: './src/bin.ts' }, { expressway: './dist/bin.js' }])
})

it('./server exports', () => {
  expect(exportsOf('src/server.ts', server)).toEqual({
    LocalServer: 'type',
    LocalServerOptions: 'type',
    createLocalServer: 'function',
  })
})
