// The compile cache of a bundle: what V8 made of the source when the bundle was made, so that it need not read it at a cold start.
// docs/decisions/016-compile-cache.md has what was measured, and what Node and V8 check.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { Failure } from '../failure.ts'
import type { Bundle } from './bundle.ts'

const runFile = promisify(execFile)

/**
 * V8's flags are part of what it checks. Lambda's runtimes start Node with `--expose-gc`, other starts of Node do not: there is a cache
 * for each. Sizes of the heap, which Lambda sets too, do not count.
 */
const flagsOf = { cache: [], 'gc.cache': ['--expose-gc'] } as const
type Kind = keyof typeof flagsOf
const kinds = Object.keys(flagsOf) as Kind[]

/** The key in Node's names of cached ES modules: the type of the module, and its URL. */
const keyOf = (url: string): string =>
  crc32(url, crc32(Buffer.of(1)))
    .toString(16)
    .padStart(8, '0')

/**
 * Compiles the bundle without running it. Node compiles all modules of an import before it runs the first, and the first is one that
 * writes the cache and ends the process. Packages that cannot be found do not matter either.
 */
const compile = (bundle: string, folder: string): string => {
  const stop = dataUrl(`import { flushCompileCache } from 'node:module'; flushCompileCache(); process.exit()`)
  const both = dataUrl(`import '${stop}'; import ${JSON.stringify(bundle)}`)
  return `import { enableCompileCache } from 'node:module'
enableCompileCache(${JSON.stringify(folder)})
await import('${both}').catch(() => import('${stop}'))`
}

const dataUrl = (source: string): string => `data:text/javascript,${encodeURIComponent(source).replaceAll("'", '%27')}`

/**
 * Makes the caches beside the bundle, and the module that uses them.
 * @param taskRoot the folder that the function will run in
 * @throws Failure if this Node.js makes no cache, or names its files in a way that is not known
 */
export async function addCompileCache({ path, name, exports }: Bundle, taskRoot: string): Promise<string> {
  const url = pathToFileURL(path).href
  for (const kind of kinds) {
    const folder = await mkdtemp(join(tmpdir(), 'expressway-cache-'))
    try {
      await runScript(compile(url, folder), flagsOf[kind])
      const [tagged = ''] = await readdir(folder)
      const made = await readFile(join(folder, tagged, keyOf(url))).catch(() => undefined)
      if (made === undefined) {
        throw new Failure(
          `Node.js ${process.version} makes no compile cache of ${basename(path)} that is known here. Leave --compile-cache out.`,
        )
      }
      await writeFile(join(dirname(path), `${name}.${kind}`), made)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  const entry = join(dirname(path), `${name}.mjs`)
  await writeFile(entry, entrySource(name, basename(path), exports, taskRoot))
  return entry
}

function entrySource(name: string, bundle: string, exports: readonly string[], taskRoot: string): string {
  const names = exports.filter((each) => each !== 'default' && /^[\w$]+$/.test(each))
  const module = `await import('./${bundle}')`
  const lines = [
    ...(names.length > 0 ? [`export const { ${names.join(', ')} } = bundle`] : []),
    ...(exports.includes('default') ? ['export default bundle.default'] : []),
  ]
  return `// Gives Node.js the compile cache of the bundle. Node.js and V8 check what they are given: what was made of another source, by
// another Node.js or with other flags is not used, and neither is a damaged file.
const here = import.meta.dirname
if (
  process.env.AWS_LAMBDA_FUNCTION_NAME &&
  process.version === '${process.version}' &&
  process.arch === '${process.arch}' &&
  here === ${JSON.stringify(taskRoot)}
) {
  try {
    // To import these modules would load all that they lead to.
    const { enableCompileCache, getCompileCacheDir } = process.getBuiltinModule('node:module')
    // The function's folder is read-only, and the name of the cache's folder depends on the processor and the user.
    enableCompileCache((process.env.TMPDIR || '/tmp') + '/expressway-compile-cache')
    process
      .getBuiltinModule('node:fs')
      .symlinkSync(here + (globalThis.gc ? '/${name}.gc.cache' : '/${name}.cache'), getCompileCacheDir() + '/${keyOf(pathToFileURL(`${taskRoot}/${bundle}`, { windows: false }).href)}')
  } catch {
    // It is there from an earlier start, or nothing can be written: the bundle is compiled.
  }
}
const bundle = ${module}
${lines.join('\n')}
`
}

/** Loads the bundle and prints the CPU time that it took, in microseconds. */
const load = (bundle: string, folder: string): string => `
import { enableCompileCache } from 'node:module'
if (${JSON.stringify(folder)}) enableCompileCache(${JSON.stringify(folder)})
const { user, system } = process.cpuUsage()
await import(${JSON.stringify(bundle)})
const spent = process.cpuUsage()
process.stdout.write(String(spent.user + spent.system - user - system), () => process.exit())`

/** CPU time of loading the bundle in milliseconds. */
export interface Gain {
  readonly without: number
  readonly with: number
}

/**
 * What the cache is worth on this machine: the lower quartiles of processes that take turns for a few seconds. Undefined if the bundle
 * cannot be loaded here, as it may need what only Lambda has.
 */
export async function measureGain({ path }: Bundle): Promise<Gain | undefined> {
  const url = pathToFileURL(path).href
  const folder = await mkdtemp(join(tmpdir(), 'expressway-cache-'))
  const cpuTime = async (cache: string): Promise<number> => {
    const { stdout } = await runScript(load(url, cache))
    return Number(/\d+$/.exec(stdout)![0])
  }
  const without: number[] = []
  const withCache: number[] = []
  try {
    await runScript(compile(url, folder))
    const until = performance.now() + measuringMs
    while (without.length < fewestRounds || (performance.now() < until && without.length < mostRounds)) {
      without.push(await cpuTime(''))
      withCache.push(await cpuTime(folder))
    }
  } catch {
    return undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return { without: lowerQuartile(without), with: lowerQuartile(withCache) }
}

const measuringMs = 3000
const fewestRounds = 3
const mostRounds = 15

const lowerQuartile = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 4)]! / 1000

/** Options that a person gives to every process of Node, such as a debugger's, are not the function's. */
function runScript(script: string, flags: readonly string[] = []): Promise<{ stdout: string }> {
  const { NODE_OPTIONS, NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, ...env } = process.env
  return runFile(process.execPath, [...flags, '--input-type=module', '-e', script], { env, timeout: 60_000 })
}
