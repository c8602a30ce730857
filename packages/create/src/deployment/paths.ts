import type { Deployment } from '../deployment.ts'
import { pascalCase } from './settings.ts'

/** A path that the gateway sends to the function, with every method. */
export interface GatewayPath {
  /** As API Gateway writes it: `/users/{id}`, `/files/{path+}`. */
  readonly path: string
  /** A name for it in a template: `UsersId`. */
  readonly name: string
}

/**
 * The paths of the routes, each once. They go to the function with every method: HEAD, preflights and the answer to a wrong
 * method are the application's, and a path without a route costs no invocation.
 * @throws TypeError if a path has more than parameters that fill a segment, and a wildcard at its end
 */
export function gatewayPaths({ routes }: Deployment): GatewayPath[] {
  const paths = [...new Set(routes.map(({ path }) => toGatewayPath(path)))]
  const names = paths.map((path) => pascalCase(path) || 'Root')
  return paths.map((path, index) => {
    const earlier = names.slice(0, index).filter((name) => name === names[index]).length
    return { path, name: names[index]! + (earlier === 0 ? '' : earlier + 1) }
  })
}

function toGatewayPath(path: string): string {
  const parts = path.split('/').slice(1)
  const written = parts.map((part, index) => {
    const [, wildcard, name] = /^(?:(\*)|:)([A-Za-z_][A-Za-z0-9_]*)$/.exec(part) ?? []
    if (name !== undefined && (wildcard === undefined || index === parts.length - 1))
      return wildcard === undefined ? `{${name}}` : `{${name}+}`
    if (/^[A-Za-z0-9_.~-]*$/.test(part)) return part
    throw new TypeError(
      `API Gateway has no form for the path "${path}": use parameters such as "/:id" and a wildcard at its end, "/*path".`,
    )
  })
  return `/${written.join('/')}`
}
