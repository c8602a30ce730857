import express from 'express'
import { addRoutes, openapiOptions } from './app.ts'

export const app = addRoutes(express(), express.Router())
export { openapiOptions }
