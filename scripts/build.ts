// Builds the package in the current folder: one bundle for each path that publishConfig.exports names, and declarations.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const outputs: string[] = [
  ...Object.values<{ default?: string } | string>(manifest.publishConfig.exports).flatMap((target) =>
    typeof target === 'string' ? [] : [target.default ?? ''],
  ),
  ...Object.values<string>(manifest.publishConfig.bin ?? {}),
]
const sources = outputs.map((output) => output.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))

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
})
execFileSync('tsc', ['-p', 'tsconfig.json'], { stdio: 'inherit' })
