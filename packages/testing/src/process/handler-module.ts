import { pathToFileURL } from 'node:url'
import { refusal } from '../runtime/handler.ts'
import { isStreaming, type LambdaHandler } from '../runtime.ts'

export interface LoadedHandler {
  exportName: string
  handler: LambdaHandler
}

/**
 * Imports a module and finds its Lambda handler.
 * @param exportName such as `handler` or `app.streamHandler`; without one, `handler`, `default` or `app` is taken
 * @throws NoHandler if there is no handler, with what the module exports
 */
export async function loadHandler(file: string, exportName?: string): Promise<LoadedHandler> {
  const module: Record<string, unknown> = await import(pathToFileURL(file).href)
  const candidates = exportName === undefined ? ['handler', 'default', 'app'] : [exportName]
  for (const name of candidates) {
    const found = follow(module, name)
    if (found === undefined) continue
    const handler = handlerOf(found)
    if (handler === undefined) throw new NoHandler(`its export "${name}" is ${describe(found)}, not a Lambda handler`)
    const refused = refusal(handler)
    if (refused !== undefined) throw new NoHandler(explain(name, handler, refused))
    return { exportName: name, handler }
  }
  const names = Object.keys(module).join(', ') || 'nothing'
  throw new NoHandler(`it exports no ${exportName ?? 'handler'} (it exports ${names}); --export names another`)
}

/** The module was loaded, and has no handler that Lambda would run. */
export class NoHandler extends Error {}

function follow(module: Record<string, unknown>, name: string): unknown {
  let value: unknown = module
  for (const part of name.split('.')) value = Object(value)[part]
  return value ?? undefined
}

/** A handler itself, or what an application or a CommonJS module has under that name. */
function handlerOf(value: unknown): LambdaHandler | undefined {
  const own: unknown = Object(value).handler
  if (typeof own === 'function') return own as LambdaHandler
  return typeof value === 'function' && !isNodeApp(value) ? (value as LambdaHandler) : undefined
}

/** Express and Connect applications are functions too, of a request and a response. */
const isNodeApp = (value: object): boolean => 'use' in value && 'listen' in value

function explain(name: string, handler: LambdaHandler, refused: Error): string {
  if (isStreaming(handler)) return refused.message
  return `its export "${name}" takes ${handler.length} parameters, and Lambda calls (event, context) since Node.js 24`
}

function describe(value: unknown): string {
  if (typeof value === 'function' && isNodeApp(value)) return 'a Node (req, res) application'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object without a handler' : `a ${typeof value}`
}
