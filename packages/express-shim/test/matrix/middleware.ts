import { headers } from './middleware/headers.ts'
import type { Middleware } from './scenario.ts'

/** In the table's order. */
export const middleware: readonly Middleware[] = [...headers]
