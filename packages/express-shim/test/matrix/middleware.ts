import { apis } from './middleware/apis.ts'
import { bodies } from './middleware/bodies.ts'
import { compression } from './middleware/compression.ts'
import { documents } from './middleware/documents.ts'
import { files } from './middleware/files.ts'
import { headers } from './middleware/headers.ts'
import { limits } from './middleware/limits.ts'
import { logging } from './middleware/logging.ts'
import { more } from './middleware/more.ts'
import { mounted } from './middleware/mounted.ts'
import { nest } from './middleware/nest.ts'
import { passport } from './middleware/passport.ts'
import { proxy } from './middleware/proxies.ts'
import { requests } from './middleware/requests.ts'
import { sessions } from './middleware/sessions.ts'
import { together } from './middleware/together.ts'
import { toolkits } from './middleware/toolkits.ts'
import { viewEngines } from './middleware/views.ts'
import type { Middleware } from './scenario.ts'

/** In the table's order. */
export const middleware: readonly Middleware[] = [
  ...headers,
  ...logging,
  ...sessions,
  ...passport,
  ...bodies,
  ...requests,
  ...limits,
  compression,
  ...files,
  ...documents,
  proxy,
  ...apis,
  ...viewEngines,
  ...more,
  ...toolkits,
  ...mounted,
  nest,
  together,
]
