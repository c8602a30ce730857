import { app } from './with-shim.ts'

export const handler = app.handler
