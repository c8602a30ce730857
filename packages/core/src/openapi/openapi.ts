import { apiGatewayDialect } from './api-gateway.ts'
import { assertDocument } from './assert.ts'
import type { Document, SecurityRequirement } from './document.ts'
import { downgrade } from './downgrade.ts'
import type { ConversionOptions } from './json-schema.ts'
import { Operations } from './operations.ts'
import { routesOf } from './routes.ts'

/** The dialect of a document: OpenAPI 3.1 or 3.0, or what API Gateway imports. */
export type OpenApiTarget = '3.1' | '3.0' | 'api-gateway'

/** What a document says besides the routes. */
export interface OpenApiOptions extends ConversionOptions {
  readonly title: string
  /** The version of the API, not of OpenAPI. */
  readonly version: string
  readonly description?: string
  readonly servers?: readonly { readonly url: string; readonly description?: string }[]
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
  /** How clients authenticate, by the names that `security` of the contracts uses. */
  readonly securitySchemes?: Readonly<Record<string, object>>
  /** For routes whose contract has no `security`. */
  readonly security?: readonly SecurityRequirement[]
  /** Default: `'3.1'`. */
  readonly target?: OpenApiTarget
  /** For the target `api-gateway`: the integration of every route, such as a reference to the function. */
  readonly integration?: object
}

/** A document, and what it lacks. */
export interface OpenApiResult {
  readonly document: Document
  /** What the document cannot say, with the route and the reason. */
  readonly warnings: readonly string[]
}

/**
 * The OpenAPI document of an application of core or the Express shim: every route with its parameters, and what its contract
 * says.
 * @example const { document } = openapi(app, { title: 'Todos', version: '1.0.0' })
 * @throws TypeError if validators would refuse the document: two routes with one operationId, a path parameter that no route
 * has, a security scheme that is not declared, two schemas of one name. The message names the route.
 */
export function openapi(app: unknown, options: OpenApiOptions): OpenApiResult {
  assertOptions(options)
  const { title, version, description, servers, tags, security, securitySchemes, target = '3.1' } = options
  const { routes, warnings } = routesOf(app)
  const operations = new Operations(options)
  for (const route of routes) if (!route.contract?.hidden) operations.add(route)
  const { paths, schemas } = operations.finish()
  const components = {
    ...(Object.keys(schemas).length > 0 && { schemas }),
    ...(securitySchemes && { securitySchemes }),
  }
  const document: Document = {
    openapi: '3.1.1',
    info: { title, version, ...(description !== undefined && { description }) },
    ...(servers && { servers }),
    ...(tags && { tags }),
    ...(security && { security }),
    paths,
    ...(Object.keys(components).length > 0 && { components }),
  }
  assertDocument(document)
  const all = [...warnings, ...operations.warnings]
  if (target === '3.1') return { document, warnings: all }
  const older = downgrade(document)
  if (target === '3.0') return { document: older, warnings: all }
  const dialect = apiGatewayDialect(older, options.integration)
  return { document: dialect.document, warnings: [...all, ...dialect.warnings] }
}

function assertOptions({ title, version, target = '3.1' }: OpenApiOptions): void {
  if (typeof title !== 'string' || typeof version !== 'string') {
    throw new TypeError('openapi() needs the title and the version of the API: openapi(app, { title, version })')
  }
  if (!['3.1', '3.0', 'api-gateway'].includes(target)) {
    throw new TypeError(`target is '3.1', '3.0' or 'api-gateway', not ${String(target)}`)
  }
}
