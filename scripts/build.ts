// Builds the package in the current folder into dist/: ES modules, CommonJS in dist/cjs, and the declarations of both.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { build, type OutputChunk, type OutputOptions } from 'rolldown'
import { commonJsDeclarations } from './commonjs-declarations.ts'
import { commandsOf, type Entry, entriesOf, type Manifest, publishedFields } from './published.ts'

/** The export that is the whole of what `require()` gives. */
const WHOLE = 'module.exports'

// Core is one file, so that an installed package is read at once; elsewhere, what only some entries need is a file of its own.
const single = new Set(['@expressway/core'])

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const entries = entriesOf(manifest)

// A package may have plugins of its own for Rolldown.
const { plugins = [] } = existsSync('build.ts') ? await import(resolve('build.ts')) : {}

rmSync('dist', { recursive: true, force: true })
const modules = await bundle([...entries, ...commandsOf(manifest)], { dir: 'dist', format: 'esm' })
await bundle(entries, {
  dir: 'dist/cjs',
  format: 'cjs',
  exports: 'named',
  footer: ({ exports }) => (exports.includes(WHOLE) ? `module.exports = exports['${WHOLE}']` : ''),
})

for (const outDir of ['dist', 'dist/cjs'])
  execFileSync('tsc', ['-p', 'tsconfig.json', '--outDir', outDir], { stdio: 'inherit' })
// The nearest package.json is where Node looks for `#libraries/*`: the doors to libraries are beside it.
if (existsSync('libraries')) cpSync('libraries', 'dist/cjs/libraries', { recursive: true })
const { imports } = manifest
writeFileSync('dist/cjs/package.json', `${JSON.stringify({ type: 'commonjs', imports })}\n`)

const exportsOf = ({ name }: Entry): string[] => modules.find((chunk) => chunk.isEntry && chunk.name === name)!.exports
const callable = entries.filter((entry) => exportsOf(entry).includes(WHOLE))
for (const entry of callable) writeWhole(entry)
checkManifest()

async function bundle(inputs: readonly Entry[], options: OutputOptions): Promise<OutputChunk[]> {
  const groups = single.has(manifest.name) ? [{ name: 'core', test: /\/src\// }] : []
  const { output } = await build({
    input: Object.fromEntries(inputs.map(({ name, source }) => [name, source])),
    platform: 'node',
    plugins,
    external: (id) => !/^[./]/.test(id),
    // A module that one place imports lazily and another at once is in one chunk: that is what it should be.
    checks: { ineffectiveDynamicImport: false },
    output: {
      ...options,
      sourcemap: true,
      comments: false,
      codeSplitting: { groups },
      chunkFileNames: 'chunks/[name].js',
    },
  })
  return output.filter((file) => file.type === 'chunk')
}

/** Bundlers give the namespace of a module for `require()`: this file gives them the function, of the same module. */
function writeWhole(entry: Entry): void {
  const path = `dist/cjs/${entry.name}.d.ts`
  writeFileSync(`dist/${entry.name}.cjs`, `module.exports = require('./${entry.name}.js').default\n`)
  writeFileSync(path, commonJsDeclarations(path, exportsOf(entry)))
}

function checkManifest(): void {
  const fields = publishedFields(manifest, new Set(callable.map(({ path }) => path)))
  const publishConfig = { access: 'public', provenance: true, ...fields }
  if (isDeepStrictEqual(manifest.publishConfig, publishConfig)) return
  writeFileSync('package.json', `${JSON.stringify({ ...manifest, publishConfig }, null, 2)}\n`)
  console.error(`publishConfig of ${manifest.name} did not say what is built. It is corrected: commit package.json.`)
  process.exitCode = 1
}
