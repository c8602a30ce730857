// Each bundler as its documentation sets it up for Node.js, and without a banner that gives an ES module a require().
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import commonjsPlugin from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rspack } from '@rspack/core'
import * as esbuild from 'esbuild'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import webpack from 'webpack'

// Its types are written for a CommonJS module, and it is an ES module.
const commonjs = commonjsPlugin as unknown as typeof commonjsPlugin.default

export type Format = 'esm' | 'cjs'
export type Bundle = (entry: string, outfile: string, format: Format) => Promise<unknown>

export const bundlers: Readonly<Record<string, Bundle>> = {
  esbuild: (entry, outfile, format) =>
    esbuild.build({
      entryPoints: [entry],
      outfile,
      format,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node22.12',
    }),
  async rollup(entry, outfile, format) {
    const plugins = [nodeResolve({ exportConditions: ['node'], preferBuiltins: true }), commonjs()]
    const bundle = await rollup({ input: entry, plugins, external: /^node:/ })
    await bundle.write({ file: outfile, format })
  },
  async rolldown(entry, outfile, format) {
    const bundle = await rolldown({ input: entry, platform: 'node' })
    await bundle.write({ file: outfile, format })
  },
  webpack: (entry, outfile, format) => run(webpack as never, entry, outfile, format),
  rspack: (entry, outfile, format) => run(rspack as never, entry, outfile, format),
}

interface Stats {
  hasErrors(): boolean
  toString(): string
}

type Packer = (options: object, done: (error: Error | null, stats?: Stats) => void) => void

/** webpack and rspack take the same options. */
function run(packer: Packer, entry: string, outfile: string, format: Format): Promise<void> {
  const isModule = format === 'esm'
  const options = {
    entry,
    mode: 'production',
    target: 'node22',
    output: {
      path: dirname(outfile),
      filename: basename(outfile),
      module: isModule,
      library: { type: isModule ? 'module' : 'commonjs2' },
    },
    experiments: { outputModule: isModule },
  }
  return new Promise((resolve, reject) => {
    packer(options, (error, stats) => {
      if (error) reject(error)
      else if (stats!.hasErrors()) reject(new Error(stats!.toString()))
      else resolve()
    })
  })
}

/** Writes a source file and gives its path. */
export function write(path: string, source: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, source)
  return path
}
