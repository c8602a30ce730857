import { getBuiltinModule } from './builtin.ts'

/** Renders a file: what template packages export as `__express`, and what `app.engine` takes. */
export type Engine = (path: string, options: object, callback: (error: unknown, html?: string) => void) => void

/** What an application passes to its view class. */
export interface ViewOptions {
  defaultEngine?: string
  root: string | string[]
  engines: Record<string, Engine>
}

/**
 * A template found by name in the `views` folders, with the engine of its extension.
 * @throws Error if no extension names the engine, or the engine's module cannot be loaded.
 */
export class View {
  defaultEngine: string | undefined
  ext: string
  name: string
  root: string | string[]
  engine: Engine
  path: string | undefined

  constructor(name: string, options: ViewOptions = {} as ViewOptions) {
    const { extname } = getBuiltinModule('node:path')
    this.defaultEngine = options.defaultEngine
    this.ext = extname(name)
    this.name = name
    this.root = options.root
    if (!this.ext && !this.defaultEngine) {
      throw new Error('No default engine was specified and no extension was provided.')
    }
    const bare = !this.ext
    if (bare) this.ext = dotted(this.defaultEngine as string)
    this.engine = options.engines[this.ext] ??= loadEngine(this.ext.slice(1), [this.root].flat())
    this.path = this.lookup(bare ? name + this.ext : name)
  }

  /** The file of that name in the first of the folders that has it. */
  lookup(name: string): string | undefined {
    const { resolve, dirname, basename } = getBuiltinModule('node:path')
    for (const root of [this.root].flat()) {
      const location = resolve(root, name)
      const path = this.resolve(dirname(location), basename(location))
      if (path) return path
    }
    return undefined
  }

  /** `dir/name.ext`, or `dir/name/index.ext`. */
  resolve(dir: string, file: string): string | undefined {
    const { join, basename } = getBuiltinModule('node:path')
    return [join(dir, file), join(dir, basename(file, this.ext), `index${this.ext}`)].find(isFile)
  }

  /** Runs the engine; the callback comes later than this call returns, whatever the engine does. */
  render(options: object, callback: (error: unknown, html?: string) => void): void {
    let sync = true
    this.engine(this.path as string, options, (...result) => {
      if (sync) process.nextTick(callback, ...result)
      else callback(...result)
    })
    sync = false
  }
}

/** The extension with its dot. */
export function dotted(extension: string): string {
  return extension[0] === '.' ? extension : `.${extension}`
}

function isFile(path: string): boolean {
  const { statSync } = getBuiltinModule('node:fs')
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

type EngineModule = { __express?: Engine; default?: EngineModule }

function loadEngine(name: string, roots: readonly string[]): Engine {
  const module = requireFrom([...roots.map((root) => `${root}/`), `${process.cwd()}/`, process.argv[1]], name)
  const engine = module.__express ?? module.default?.__express
  if (typeof engine !== 'function') throw new Error(`Module "${name}" does not provide a view engine.`)
  return engine
}

// A bundle lies outside the folders of the packages in it. The engine is a dependency of the application, so it is looked for
// from the templates and from the working directory.
function requireFrom(places: readonly (string | undefined)[], name: string): EngineModule {
  const { createRequire } = getBuiltinModule('node:module')
  const { resolve, sep } = getBuiltinModule('node:path')
  let missing: unknown
  for (const place of places) {
    try {
      if (place) return createRequire(resolve(place) + (place.endsWith('/') ? sep : ''))(name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
      missing ??= error
    }
  }
  throw missing
}
