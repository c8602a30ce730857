import { readFileSync, statSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The modules of the application itself: reached from its file without entering a package. */
export interface OwnFiles {
  readonly paths: ReadonlySet<string>
  has(path: string): boolean
  text(path: string): string
}

const isOutside = (path: string): boolean => path.includes('/node_modules/')
/** What an import names that is not a package's: `./routes.ts`, `/app/routes.js`, `file:///…`, `#routes`. */
const isOwnSpecifier = (specifier: string): boolean => /^(?:\.|\/|#|file:)/.test(specifier)

/** Takes note of the files that are loaded from now on. */
export function trackOwnFiles(entry: string): OwnFiles {
  const paths = new Set([entry])
  const { registerHooks } = nodeModule as Partial<typeof nodeModule>
  if (registerHooks === undefined) for (const path of followImports(entry)) paths.add(path)
  else {
    registerHooks({
      resolve(specifier, context, nextResolve) {
        const resolved = nextResolve(specifier, context)
        const parent = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : undefined
        if (parent !== undefined && paths.has(parent) && isOwnSpecifier(specifier)) addSource(paths, resolved.url)
        return resolved
      },
    })
  }
  return { paths, has: (path) => paths.has(path), text: (path) => readFileSync(path, 'utf8') }
}

function addSource(paths: Set<string>, url: string): void {
  if (url.startsWith('file:') && /\.[cm]?[jt]sx?(?:[?#]|$)/.test(url)) paths.add(fileURLToPath(url))
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)['"](\.[^'"]*)['"]/g

/** Node.js before 22.15 does not say which files a module loads: the files that its imports name are read instead. */
export function followImports(entry: string): Set<string> {
  const found = new Set([entry])
  for (const path of found) {
    for (const [, specifier] of readFileSync(path, 'utf8').matchAll(IMPORT)) {
      const target = resolve(dirname(path), specifier!)
      const file = [target, ...['.js', '.cjs', '/index.js'].map((end) => target + end)].find(isSource)
      if (file !== undefined) found.add(file)
    }
  }
  return found
}

const isSource = (path: string): boolean =>
  /\.[cm]?[jt]sx?$/.test(path) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)

/** A path as a person reads it: from the folder they are in, if it is below. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}

/** The package that a file below node_modules belongs to. */
export function packageOf(path: string): string | undefined {
  const inside = path.split('/node_modules/').at(-1)!
  if (!isOutside(path)) return undefined
  const [first, second] = inside.split('/')
  return first!.startsWith('@') ? `${first}/${second}` : first
}
