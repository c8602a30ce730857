// Builds the package in the current folder into dist/: ES modules, CommonJS in dist/cjs, and the declarations of both.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { build, type OutputChunk, type OutputOptions } from 'rolldown'
import { commonJsDeclarations } from './commonjs-declarations.ts'
import { commandsOf, type Entry, entriesOf, filesOf, type Manifest, publishedFields } from './published.ts'

/** The export that is the whole of what `require()` gives. */
const WHOLE = 'module.exports'

// Of core, what every application loads is one file, so that an installed package is read at once; elsewhere, what only some
// entries need is a file of its own.
const core = { name: 'core', test: /\/src\/(?!contract|openapi)/ }

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const entries = entriesOf(manifest)
// `./lib/*` and `./lib/*.js` are the same files.
const files = [...new Map(entries.flatMap(filesOf).map((file) => [file.name, file])).values()]

// A package may have plugins of its own for Rolldown.
const { plugins = [] } = existsSync('build.ts') ? await import(resolve('build.ts')) : {}

rmSync('dist', { recursive: true, force: true })
const modules = await bundle([...files, ...commandsOf(manifest)], { dir: 'dist', format: 'esm' })
// Nothing imports a package that is a command alone: it needs neither CommonJS nor declarations.
if (files.length > 0) await writeLibrary()

const exportsOf = (name: string): string[] => modules.find((chunk) => chunk.isEntry && chunk.name === name)!.exports
const isWhole = (file: Entry): boolean => exportsOf(file.name).includes(WHOLE)
for (const file of files.filter(isWhole)) writeWhole(file)
checkManifest()

async function writeLibrary(): Promise<void> {
  await bundle(files, {
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
}

async function bundle(inputs: readonly Entry[], options: OutputOptions): Promise<OutputChunk[]> {
  const groups = manifest.name === '@expressway/core' ? [core] : []
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

/**
 * Some bundlers give the namespace of a module for `require()`, others follow its export `module.exports` as Node does: with
 * this file both give the value, of the same module.
 */
function writeWhole({ name }: Entry): void {
  const path = `dist/cjs/${name}.d.ts`
  const given = `const given = require('./${basename(name)}.js')\n`
  writeFileSync(`dist/${name}.cjs`, `${given}module.exports = given['${WHOLE}'] ?? given\n`)
  writeFileSync(path, commonJsDeclarations(path, exportsOf(name)))
}

function checkManifest(): void {
  const whole = entries.filter((entry) => filesOf(entry).every(isWhole))
  const fields = publishedFields(manifest, new Set(whole.map(({ path }) => path)))
  const publishConfig = { access: 'public', provenance: true, ...fields }
  if (isDeepStrictEqual(manifest.publishConfig, publishConfig)) return
  writeFileSync('package.json', `${JSON.stringify({ ...manifest, publishConfig }, null, 2)}\n`)
  console.error(`publishConfig of ${manifest.name} did not say what is built. It is corrected: commit package.json.`)
  process.exitCode = 1
}
