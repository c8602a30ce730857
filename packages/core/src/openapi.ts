/**
 * The OpenAPI document of an application, from its routes and their contracts.
 * @module
 */
export type { Document } from './openapi/document.ts'
export type { ConversionOptions, Direction, JsonSchema, ToJsonSchema } from './openapi/json-schema.ts'
export { type OpenApiOptions, type OpenApiResult, type OpenApiTarget, openapi } from './openapi/openapi.ts'
export { type DocumentPath, documentPaths, type PathParameter } from './openapi/paths.ts'
export { type MiddlewareInfo, type RouteInfo, type RouteList, routesOf } from './openapi/routes.ts'
