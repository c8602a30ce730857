import { createRequire } from 'node:module'
import type { RequestHandler } from 'express'

type Factory<Options = object> = (options?: Options) => RequestHandler

// npm middleware that has no types of its own.
const require = createRequire(import.meta.url)

export const compression: Factory = require('compression')
export const session: Factory = require('express-session')
export const morgan: (format: string, options: { stream: { write(line: string): void } }) => RequestHandler =
  require('morgan')
export const responseTime: Factory = require('response-time')
export const cookieSession: Factory = require('cookie-session')
export const cors: Factory = require('cors')
export const multer: () => { single(field: string): RequestHandler } = require('multer')
export const serveStatic: (root: string) => RequestHandler = require('serve-static')
