// What a package's manifest says once it is published. The one source is `exports`, which names the TypeScript sources.
import { globSync } from 'node:fs'
import { basename } from 'node:path'

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly imports?: Readonly<Record<string, string>>
  readonly files?: readonly string[]
  readonly publishConfig?: Readonly<Record<string, unknown>>
}

/**
 * An entry point: `./handle` of the exports, its source `src/handle.ts`, and `handle`, the name of what is built from it.
 * With `*` in all three it is each file of a folder.
 */
export interface Entry {
  readonly path: string
  readonly source: string
  readonly name: string
}

const built = (source: string): string => source.replace(/^\.\/src\//, '').replace(/\.ts$/, '')

/** The entry points whose source is TypeScript; data such as `./package.json` is published as it is. */
export function entriesOf({ exports }: Manifest): Entry[] {
  return Object.entries(exports)
    .filter(([, source]) => source.endsWith('.ts'))
    .map(([path, source]) => ({ path, source, name: built(source) }))
}

/** The entry points that are each one file. */
export function filesOf(entry: Entry): Entry[] {
  if (!entry.path.includes('*')) return [entry]
  const names = globSync(entry.source).map((file) => basename(file, '.ts'))
  const file = (pattern: string, name: string): string => pattern.replace('*', name)
  return names.map((name) => ({
    path: file(entry.path, name),
    source: file(entry.source, name),
    name: file(entry.name, name),
  }))
}

/** Whether the package has doors to libraries: bundlers then get ES modules of their own. See docs/decisions/012. */
export const hasLibraries = ({ imports = {} }: Manifest): boolean => '#libraries/*' in imports

/** The commands of a package; each is an entry of the build, too. */
export function commandsOf({ bin = {} }: Manifest): Entry[] {
  return Object.entries(bin).map(([path, source]) => ({ path, source, name: built(source) }))
}

/**
 * The fields that `publishConfig` puts in place of those of the workspace.
 * @param callable the paths of the entries that are one value for `require()`; see docs/decisions/008.
 */
export function publishedFields(manifest: Manifest, callable: ReadonlySet<string>): Record<string, unknown> {
  const entries = entriesOf(manifest)
  const forBundlers = hasLibraries(manifest) ? './dist/bundled' : './dist'
  const conditions = new Map(
    entries.map((entry) => [entry.path, conditionsOf(entry, callable.has(entry.path), forBundlers)]),
  )
  const exports = Object.entries(manifest.exports).map(([path, target]) => [path, conditions.get(path) ?? target])
  const commands = commandsOf(manifest).map(({ path, name }) => [path, `./dist/${name}.js`])
  const below = entries.filter(({ path }) => path !== '.')
  return {
    ...(conditions.has('.') && { main: './dist/cjs/index.js', types: './dist/cjs/index.d.ts' }),
    // TypeScript's `node10` resolution reads no `exports`.
    ...(below.length > 0 && {
      typesVersions: {
        '*': Object.fromEntries(below.map(({ path, name }) => [path.slice(2), [`./dist/cjs/${name}.d.ts`]])),
      },
    }),
    exports: Object.fromEntries(exports),
    ...(commands.length > 0 && { bin: Object.fromEntries(commands) }),
  }
}

/**
 * `require` has its own types. `module` is what bundlers know and Node does not, `module-sync` what Node knows since 22.12 and
 * `node-addons` what only Node and Jest know: all three lead to an ES module, so that there is one instance of each class. Jest and
 * older resolvers take the CommonJS build. A bundler that was given conditions of its own may not know `module`.
 */
function conditionsOf({ name }: Entry, callable: boolean, forBundlers: string): Record<string, Record<string, string>> {
  const module = `./dist/${name}.js`
  const bundled = `${forBundlers}/${name}.js`
  return {
    require: {
      types: `./dist/cjs/${name}.d.ts`,
      module: callable ? `${forBundlers}/${name}.cjs` : bundled,
      'module-sync': module,
      default: `./dist/cjs/${name}.js`,
    },
    default: {
      types: `./dist/${name}.d.ts`,
      ...(bundled !== module && { module: bundled, 'node-addons': module }),
      default: bundled,
    },
  }
}
