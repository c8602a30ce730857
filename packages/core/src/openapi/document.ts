// The parts of an OpenAPI document that are written here (https://spec.openapis.org/oas/v3.1.1).
import type { JsonSchema } from './json-schema.ts'

/** An OpenAPI document, version 3.1 or 3.0. */
export interface Document {
  openapi: string
  info: { title: string; version: string; description?: string }
  servers?: readonly { url: string; description?: string }[]
  tags?: readonly { name: string; description?: string }[]
  security?: readonly SecurityRequirement[]
  paths: Record<string, PathItem>
  components?: { schemas?: Record<string, JsonSchema>; securitySchemes?: Readonly<Record<string, object>> }
}

export type PathItem = Record<string, Operation>

export interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: readonly string[]
  deprecated?: boolean
  security?: readonly SecurityRequirement[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, MediaType> }
  responses: Record<string, ResponseObject>
  [extension: `x-${string}`]: unknown
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  description?: string
  deprecated?: boolean
  schema: JsonSchema
  [extension: `x-${string}`]: unknown
}

export interface ResponseObject {
  description: string
  headers?: Record<string, { description?: string; schema: JsonSchema }>
  content?: Record<string, MediaType>
}

export interface MediaType {
  schema: JsonSchema
}

/** Schemes that are needed together, each with its scopes. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>
