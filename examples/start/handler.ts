import { app } from './app.ts'

export const handler = app.handler
