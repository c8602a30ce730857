import express from '@expressway/express-shim'
import { addRoutes, openapiOptions } from './app.ts'

export const app = addRoutes(express(), express.Router())
export const handler = app.handler
export { openapiOptions }
