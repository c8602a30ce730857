import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Where AWS's runtime interface client is; it is an optional dependency, for it compiles native code when it is installed. */
export const runtimeClient = findClient()

function findClient(): string | undefined {
  try {
    const path = createRequire(import.meta.url).resolve('aws-lambda-ric')
    return existsSync(join(path, '../rapid-client.node')) ? path : undefined
  } catch {
    return undefined
  }
}
