// Builds the package in the current folder: one bundle for each path that publishConfig.exports names, and declarations.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

interface Target {
  readonly default: string
  readonly require?: string
}

const { publishConfig } = JSON.parse(readFileSync('package.json', 'utf8'))
const targets = Object.values<Target | string>(publishConfig.exports).filter((target) => typeof target !== 'string')
const outputs = [...targets.map((target) => target.default), ...Object.values<string>(publishConfig.bin ?? {})]
const sources = outputs.map((output) => output.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))

// A package may have plugins of its own for esbuild.
const { plugins = [] } = existsSync('build.ts') ? await import(resolve('build.ts')) : {}

rmSync('dist', { recursive: true, force: true })
// What two entries share goes to a shared chunk, so that a class such as HttpError exists once.
await build({
  entryPoints: sources,
  outdir: 'dist',
  outbase: 'src',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  packages: 'external',
  plugins,
  // The doors to libraries stay files of their own: in a module, esbuild would turn their require() into one that throws.
  external: ['#*'],
})
for (const { default: module, require } of targets) {
  if (require) writeFileSync(require, commonJsEntry(module))
}
execFileSync('tsc', ['-p', 'tsconfig.json'], { stdio: 'inherit' })

// Node’s require() gives the export named 'module.exports', which is the default export; bundlers give the namespace.
function commonJsEntry(module: string): string {
  return `const entry = require('./${module.split('/').at(-1)}')\nmodule.exports = entry.default ?? entry\n`
}
