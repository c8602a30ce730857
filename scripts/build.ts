// Builds the package in the current folder into dist/: ES modules, CommonJS in dist/cjs, and the declarations of both.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { build, type OutputChunk, type OutputOptions, type Plugin } from 'rolldown'
import { commonJsDeclarations } from './commonjs-declarations.ts'
import {
  commandsOf,
  type Entry,
  entriesOf,
  filesOf,
  hasLibraries,
  type Manifest,
  publishedFields,
} from './published.ts'

/** The export that is the whole of what `require()` gives. */
const WHOLE = 'module.exports'

// Each file that Node loads takes it some 0.5 ms, and each KB that it reads 0.04. What several entries need is therefore one file.
const groups: Record<string, { name: string; test: RegExp; minShareCount?: number }> = {
  '@expressway/core': { name: 'base', test: /\/src\//, minShareCount: 2 },
  '@expressway/express-shim': { name: 'shim', test: /\/src\/index\.ts$/ },
}

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const entries = entriesOf(manifest)
// `./lib/*` and `./lib/*.js` are the same files.
const files = [...new Map(entries.flatMap(filesOf).map((file) => [file.name, file])).values()]

// A package may have plugins of its own for Rolldown.
const { plugins = [] } = existsSync('build.ts') ? await import(resolve('build.ts')) : {}

const keepNames = { function: true, class: true }
const minify = hasLibraries(manifest) && {
  compress: { keepNames },
  mangle: { keepNames, toplevel: false },
  codegen: true,
}

rmSync('dist', { recursive: true, force: true })
const modules = await bundle([...files, ...commandsOf(manifest)], { dir: 'dist', format: 'esm', minify }, installedDoor)
if (hasLibraries(manifest)) await bundle(files, { dir: 'dist/bundled', format: 'esm' })
await bundle(
  files,
  {
    dir: 'dist/cjs',
    format: 'cjs',
    exports: 'named',
    footer: ({ exports }) => (exports.includes(WHOLE) ? `module.exports = exports['${WHOLE}']` : ''),
  },
  (name) => `export default () => require('${name}')`,
)

for (const outDir of ['dist', 'dist/cjs'])
  execFileSync('tsc', ['-p', 'tsconfig.json', '--outDir', outDir], { stdio: 'inherit' })
writeFileSync('dist/cjs/package.json', `${JSON.stringify({ type: 'commonjs' })}\n`)

const exportsOf = (name: string): string[] => modules.find((chunk) => chunk.name === name)!.exports
const isWhole = (file: Entry): boolean => exportsOf(file.name).includes(WHOLE)
for (const file of files.filter(isWhole)) writeWhole(file)
checkManifest()

/** @param door what the sources import from `#libraries/<name>.cjs`; if it is missing, they import the file. */
async function bundle(
  inputs: readonly Entry[],
  options: OutputOptions,
  door?: (name: string) => string,
): Promise<OutputChunk[]> {
  const group = groups[manifest.name]
  const isExternal = door ? /^(?![./\0]|#libraries\/)/ : /^(?![./])/
  const { output } = await build({
    // An entry with the name of the group is the group's file itself, and has more exports than its declarations say.
    input: Object.fromEntries(
      inputs.filter(({ name }) => name !== group?.name).map(({ name, source }) => [name, source]),
    ),
    platform: 'node',
    plugins: [...plugins, ...(door ? [doors(door)] : [])],
    external: (id) => isExternal.test(id),
    // A module that one place imports lazily and another at once is in one chunk: that is what it should be.
    checks: { ineffectiveDynamicImport: false },
    output: {
      ...options,
      sourcemap: true,
      comments: false,
      codeSplitting: { groups: group ? [group] : [] },
      chunkFileNames: ({ name }) => (inputs.some((input) => input.name === name) ? '[name].js' : 'chunks/[name].js'),
      minifyInternalExports: false,
    },
  })
  return output.filter((file) => file.type === 'chunk')
}

/** What loads a library in the ES modules that Node loads: a file to resolve and to read for each would take a fifth of a cold start. */
function installedDoor(name: string): string {
  return `import { load } from '\0require'; export default () => load('${name}')`
}

/** Puts functions in the place of `#libraries/<name>.cjs`, files that are for bundlers: see docs/decisions/012. */
function doors(toSource: (name: string) => string): Plugin {
  return {
    name: 'doors',
    resolveId: {
      filter: { id: /^(#libraries\/|\0require$)/ },
      handler: (id) => (id === '\0require' ? id : `\0library:${basename(id, '.cjs')}`),
    },
    load: {
      filter: { id: /^\0/ },
      handler: (id) =>
        id === '\0require'
          ? `let require
export const load = (name) => (require ??= process.getBuiltinModule('node:module').createRequire(import.meta.url))(name)`
          : toSource(id.slice('\0library:'.length)),
    },
  }
}

/**
 * Some bundlers give the namespace of a module for `require()`, others follow its export `module.exports` as Node does: with
 * this file both give the value, of the same module.
 */
function writeWhole({ name }: Entry): void {
  const path = `dist/cjs/${name}.d.ts`
  const given = `const given = require('./${basename(name)}.js')\n`
  writeFileSync(
    `dist/${hasLibraries(manifest) ? 'bundled/' : ''}${name}.cjs`,
    `${given}module.exports = given['${WHOLE}'] ?? given\n`,
  )
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
