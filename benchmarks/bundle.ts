// Everything is measured as it is deployed: bundled by esbuild, so that no TypeScript is stripped at run time.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'

export const here: string = import.meta.dirname
/** Ignored by git; inside the package, so that what stays external is found. */
export const output: string = join(here, 'dist')

const base: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node22.12',
  logLevel: 'error',
  // lambda-api reaches for the SDK where a file comes from S3, and nowhere else.
  external: ['@aws-sdk/*', 'aws-lambda-ric'],
}

// For packages in CommonJS that require() built-ins.
const requireBanner = `import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);`

/** Bundles files of this folder to `dist/<name>.cjs`, readable, for a profiler. */
export async function bundleFiles(names: readonly string[]): Promise<void> {
  const entryPoints = names.map((name) => join(here, `${name}.ts`))
  await build({ ...base, entryPoints, outdir: output, outbase: here, format: 'cjs', outExtension: { '.js': '.cjs' } })
}

/** Bundles a source text as its deployer would: minified, in either format. Returns the number of bytes. */
export async function bundleSource(contents: string, outfile: string, format: 'esm' | 'cjs'): Promise<number> {
  const stdin = { contents, resolveDir: here, loader: 'js' as const }
  const banner = format === 'esm' && /var __require = /.test(await textOf(contents)) ? { js: requireBanner } : undefined
  await build({ ...base, stdin, outfile, format, banner, minify: true })
  return readFileSync(outfile).length
}

async function textOf(contents: string): Promise<string> {
  const stdin = { contents, resolveDir: here, loader: 'js' as const }
  const { outputFiles } = await build({ ...base, stdin, format: 'esm', write: false })
  return outputFiles![0]!.text
}

/** Where unbundled sources are run from: our packages are installed there as they are published. */
export const installed: string = join(output, 'installed')

/**
 * Lays our packages out as an install would: what `pnpm build` wrote, with the exports that they are published with.
 * @throws Error if they are not built
 */
export function installPackages(): void {
  for (const name of ['core', 'express-shim', 'testing']) {
    const source = join(here, '../packages', name)
    const target = join(installed, 'node_modules/@expressway', name)
    if (!existsSync(join(source, 'dist/index.js'))) throw new Error(`packages/${name} is not built: run pnpm build`)
    rmSync(target, { recursive: true, force: true })
    mkdirSync(target, { recursive: true })
    for (const part of ['dist', 'libraries'].filter((part) => existsSync(join(source, part))))
      cpSync(join(source, part), join(target, part), { recursive: true })
    const { publishConfig, ...manifest } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
    writeFileSync(join(target, 'package.json'), JSON.stringify({ ...manifest, exports: publishConfig.exports }))
    linkDependencies(source, target)
  }
}

/** Bundles a file of this folder into where our packages are installed: every package stays outside of it. */
export async function bundleInstalled(name: string): Promise<string> {
  const outfile = join(installed, `${name}.mjs`)
  const { external: _, ...options } = base
  await build({ ...options, entryPoints: [join(here, `${name}.ts`)], outfile, format: 'esm', packages: 'external' })
  return outfile
}

// Dependencies of ours lie in the workspace; our packages among them have to be the built ones.
function linkDependencies(source: string, target: string): void {
  const { dependencies = {} } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  for (const name of Object.keys(dependencies)) {
    const link = join(target, 'node_modules', name)
    if (name.startsWith('@expressway/') || !existsSync(join(source, 'node_modules', name))) continue
    mkdirSync(join(link, '..'), { recursive: true })
    symlinkSync(join(source, 'node_modules', name), link)
  }
}
