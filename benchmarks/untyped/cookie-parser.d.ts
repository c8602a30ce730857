import type { RequestHandler } from '@expressway/express-shim'

export default function cookieParser(): RequestHandler
