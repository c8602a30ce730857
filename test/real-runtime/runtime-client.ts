import { createRequire } from 'node:module'

/**
 * What Node.js is started with to run AWS's runtime interface client. All of its JavaScript runs as AWS publishes it: loading the
 * function, contexts, calls, streams, errors, worker threads. Its native module is not compiled: `native-client.ts` stands in.
 */
export const runtimeClient: readonly string[] = [
  '--import',
  new URL('stand-in.ts', import.meta.url).href,
  createRequire(import.meta.url).resolve('aws-lambda-ric'),
]
