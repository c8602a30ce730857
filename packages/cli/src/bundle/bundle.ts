import { rmSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildOptions, BuildResult } from 'esbuild'
import { Failure } from '../failure.ts'

type Esbuild = typeof import('esbuild')

/** How a handler is bundled. */
export interface BundleOptions {
  /** The absolute path of the handler's module. */
  readonly file: string
  /** The folder that is written. */
  readonly out: string
  readonly format: 'esm' | 'cjs'
  /** Packages that are not bundled, as esbuild takes them: `@aws-sdk/*`. */
  readonly external: readonly string[]
  readonly minify: boolean
}

/** What was written. */
export interface Bundle {
  /** The bundle's path. */
  readonly path: string
  /** The name of the handler's file without its extension: the part of Lambda's handler setting before the dot. */
  readonly name: string
  /** What the bundle exports; empty for CommonJS, whose exports are known only when it runs. */
  readonly exports: readonly string[]
}

/**
 * What CommonJS packages use and an ES module does not have. To import `node:module` would load every module that its exports lead to:
 * the import of `node:fs` alone takes as long as the whole of a small application.
 */
const banner = `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
const __filename = import.meta.filename, __dirname = import.meta.dirname`

/**
 * Bundles a handler with the project's esbuild, for Node.js 22 and later.
 * @param suffix what the file's name has before its extension, such as `.bundle`
 * @throws Failure if there is no esbuild, the module cannot be bundled, or it exports nothing
 */
export async function bundleHandler(options: BundleOptions, suffix = ''): Promise<Bundle> {
  const { file, out, format } = options
  const { build } = await loadEsbuild([join(process.cwd(), 'package.json'), file, import.meta.url])
  const name = basename(file, extname(file))
  const path = join(out, `${name}${suffix}.${format === 'esm' ? 'mjs' : 'cjs'}`)
  if (filesOf(out, name).includes(file))
    throw new Failure(`${file} is in ${out}, where its bundle would replace it: name another folder by --out.`)
  const first = await run(build, settingsOf(options, path), file)
  const text = first.outputFiles.find((output) => output.path === resolve(path))!.text
  const needsBanner = format === 'esm' && /\b(__require|__filename|__dirname)\b/.test(text)
  const result = needsBanner ? await run(build, { ...settingsOf(options, path), banner: { js: banner } }, file) : first
  const exports = Object.values(result.metafile.outputs).flatMap((output) => (output.entryPoint ? output.exports : []))
  if (format === 'esm' && exports.length === 0) {
    throw new Failure(`${file} exports nothing: Lambda needs a function, such as export const handler = app.handler.`)
  }
  try {
    await mkdir(out, { recursive: true })
    for (const former of filesOf(out, name)) rmSync(former, { force: true })
    await Promise.all(result.outputFiles.map((output) => writeFile(output.path, output.contents)))
  } catch (error) {
    throw new Failure(`${out} cannot be written: ${(error as Error).message}.`)
  }
  return { path, name, exports }
}

function settingsOf({ file, format, external, minify }: BundleOptions, outfile: string) {
  return {
    entryPoints: [file],
    outfile,
    format,
    external: [...external],
    minifyWhitespace: minify,
    minifySyntax: minify,
    // V8 checks each regular expression of a file that it reads, also in functions that do not run. Those with properties of Unicode
    // take it longer than many KB: esbuild writes them as calls of RegExp, which run when they are needed.
    supported: { 'regexp-sticky-and-unicode-flags': false },
    bundle: true,
    platform: 'node',
    target: 'node22',
    sourcemap: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  } as const satisfies BuildOptions
}

type Built = BuildResult<ReturnType<typeof settingsOf>>

async function run(build: Esbuild['build'], settings: BuildOptions, file: string): Promise<Built> {
  try {
    return (await build(settings)) as Built
  } catch (error) {
    const { errors } = error as { errors?: { text: string; location?: { file: string; line: number } | null }[] }
    if (errors === undefined) throw error
    const lines = errors.map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text))
    throw new Failure(`${file} cannot be bundled.`, { detail: lines.join('\n') })
  }
}

/** The files that a bundle of this name may have, of an earlier one too: those would be deployed along. */
const filesOf = (out: string, name: string): string[] =>
  ['.mjs', '.mjs.map', '.cjs', '.cjs.map', '.bundle.mjs', '.bundle.mjs.map', '.cache', '.gc.cache'].map((end) =>
    join(out, name + end),
  )

async function loadEsbuild(places: readonly string[]): Promise<Esbuild> {
  for (const place of places) {
    try {
      const module = await import(pathToFileURL(createRequire(place).resolve('esbuild')).href)
      return module.default ?? module
    } catch {
      // The next place may have it.
    }
  }
  throw new Failure('expressway bundle needs esbuild, which this project does not have: npm install --save-dev esbuild')
}

/** The size of a file in KB. */
export const kilobytes = (path: string): string => `${(statSync(path).size / 1000).toFixed(1)} KB`
