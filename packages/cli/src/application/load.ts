import { pathToFileURL } from 'node:url'
import { explainLoadFailure } from '@expressway/testing/process'
import { appKey, type Layer, searchModule, stackOf } from '../doctor/application.ts'
import { type FunctionInsight, inspectFunctions } from '../doctor/function-insight.ts'
import { observe } from '../doctor/observe.ts'
import { type OwnFiles, shortPath, trackOwnFiles } from '../doctor/own-files.ts'

/** A module and the application in it, of core or Express. */
export interface LoadedApplication {
  readonly app: object
  readonly module: Readonly<Record<string, unknown>>
}

/** Why a file gives no result: a line, and a stack if the module's own code failed. */
export interface Refusal {
  readonly message: string
  readonly detail: string
}

export interface LoadOptions {
  readonly file: string
  readonly exportName?: string
  /** Milliseconds that the module may go on after it was loaded, to connect and register routes. */
  readonly waitMs: number
}

/** A module, its application if it has one, and the files that it is made of. */
export interface LoadedModule {
  readonly app: object | undefined
  readonly module: Readonly<Record<string, unknown>>
  readonly own: OwnFiles
}

/** Loads an application into this process, which runs nothing else; ports that it listens on are free ones. */
export async function loadApplication(options: LoadOptions): Promise<LoadedApplication | Refusal> {
  const loaded = await loadModule(options)
  if ('message' in loaded) return loaded
  const { app, module } = loaded
  if (app === undefined) return { message: withoutApplication(options.file, module, options.exportName), detail: '' }
  return { app, module }
}

/** Loads a module into this process, whether or not it has an application. */
export async function loadModule(options: LoadOptions): Promise<LoadedModule | Refusal> {
  const { file, exportName, waitMs } = options
  const insight = inspectFunctions()
  const own = trackOwnFiles(file)
  const wait = setTimeout
  const { servers } = observe(own)
  // What the application does later does not concern its routes.
  for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, () => {})
  let module: Record<string, unknown>
  try {
    module = await import(pathToFileURL(file).href)
  } catch (error) {
    return explainLoadFailure(error, file, [...own.paths])
  }
  await new Promise((resolve) => void wait(resolve, waitMs))
  const app = await searchModule(module, servers, insight, asApplication, exportName)
  if (app !== undefined) openMounted(app, insight)
  return { app, module, own }
}

function asApplication(value: unknown): object | undefined {
  const app = (value as { readonly [appKey]?: object } | null | undefined)?.[appKey] ?? value
  const isCore = Array.isArray((app as { readonly registrations?: unknown } | null | undefined)?.registrations)
  return isCore || stackOf(app) !== undefined ? (app as object) : undefined
}

function withoutApplication(file: string, module: object, exportName: string | undefined): string {
  const name = shortPath(file)
  if (exportName !== undefined) return `${name} has no application: its export "${exportName}" is not one.`
  const names = Object.keys(module).filter((each) => each !== 'module.exports')
  const exported = names.length === 0 ? 'nothing' : names.join(', ')
  return `${name} has no application (it exports ${exported}). Export the application, or name the export that makes it by --export.`
}

const mountedApp = Symbol.for('expressway.mounted-app')

/** Express holds a mounted application in a closure only: what lists routes finds it under this symbol, as in the shim. */
function openMounted(app: unknown, insight: FunctionInsight): void {
  for (const { handle, name } of (stackOf(app) ?? []) as Layer[]) {
    if (handle === undefined) continue
    let inner: unknown = handle
    if (name === 'mounted_app') {
      inner = insight.held(handle).find((held) => stackOf(held) !== undefined)
      if (inner === undefined) continue
      Object.defineProperty(handle, mountedApp, { value: inner, configurable: true })
    }
    openMounted(inner, insight)
  }
}
