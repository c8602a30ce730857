import { hide } from '../property.ts'
import { linkNode } from './node-link.ts'

/** An error as Node makes them: a code, which its printed name has too. */
export function nodeError(
  Type: ErrorConstructor | TypeErrorConstructor | RangeErrorConstructor,
  code: string,
  message: string,
): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Type(message)
  error.code = code
  error.stack = error.stack?.replace(error.name, `${error.name} [${code}]`)
  hide(error, 'toString', () => `${Type.name} [${code}]: ${message}`)
  return error
}

/** Node's error for `write()` after `end()`. */
export const writeAfterEnd = () => nodeError(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end')

/** Node's error for a call after `destroy()`. */
export const streamDestroyed = (method: string) =>
  nodeError(Error, 'ERR_STREAM_DESTROYED', `Cannot call ${method} after a stream was destroyed`)

/** Node's error for a second `end()` after 'finish'. */
export const alreadyFinished = () =>
  nodeError(Error, 'ERR_STREAM_ALREADY_FINISHED', 'Cannot call end after a stream was finished')

/** Node's error of `strictContentLength`; both lengths in bytes. */
export const lengthMismatch = (actual: number, declared: number) =>
  nodeError(
    Error,
    'ERR_HTTP_CONTENT_LENGTH_MISMATCH',
    `Response body's content-length of ${actual} byte(s) does not match the content-length of ${declared} byte(s) set in header`,
  )

/** Node's error of a connection that broke. */
export const connectionReset = (message: string) =>
  Object.assign(new Error(message), { code: 'ECONNRESET' }) as NodeJS.ErrnoException

/**
 * Throws what Node throws for a wrong call: a response of Node's own is asked to do the same, so that the error has the code and
 * the message of the Node version that runs.
 */
export function refuse(method: string, args: readonly unknown[], headersSent?: unknown): never {
  const { ServerResponse, IncomingMessage } = linkNode()
  // A socket is nothing that a message without a connection needs.
  const message = new IncomingMessage(undefined as never)
  message.httpVersionMajor = message.httpVersionMinor = 1
  const scratch = new ServerResponse(message) as unknown as Record<string, unknown>
  if (headersSent) scratch._header = 'sent'
  Reflect.apply(scratch[method] as () => unknown, scratch, args)
  throw new TypeError(`Invalid arguments for ${method}`)
}
