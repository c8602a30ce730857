import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { getBuiltinModule } from '../builtin.ts'
import type { Incoming } from '../node/incoming.ts'
import type { Outgoing } from '../node/outgoing.ts'
import { type FileOptions, toFileRules } from './file-options.ts'
import { type FileEvents, transferFile } from './file-transfer.ts'
import { takesWhole } from './whole-file.ts'

/** The options of `res.sendFile` and `res.download`. */
export interface SendFileOptions extends FileOptions {
  /** Fields to set if the file is found. */
  headers?: OutgoingHttpHeaders
}

type Code = 'EISDIR' | 'ECONNABORTED'
type FileCallback = (error?: Error) => void

const coded = (message: string, code: Code): Error => Object.assign(new Error(message), { code })

/**
 * Sends a file as `res.sendFile` does: the callback is called once, when the file was sent or why it was not. The path is
 * absolute, or relative to `options.root`; it is not decoded.
 *
 * @throws TypeError if an option is invalid.
 * @throws URIError if the path has a lone surrogate.
 */
export function sendFile(
  request: Incoming | ServerResponse['req'],
  response: Outgoing | ServerResponse,
  path: string,
  options: SendFileOptions,
  callback: FileCallback,
): void {
  // Both classes have Node's members, typed for their own code.
  const [req, res] = [request, response] as unknown as [ServerResponse['req'], ServerResponse]
  if (!path.isWellFormed()) throw new URIError('URI malformed')
  const rules = toFileRules(options)
  const isWhole = takesWhole(res)
  const events = answerOnce(res, isWhole, callback)
  if (options.headers) events.headers = () => setFields(res, options.headers!)
  transferFile(path, path.endsWith('/'), { req, res, rules, events, isWhole })
}

function setFields(res: ServerResponse, fields: OutgoingHttpHeaders): void {
  for (const name of Object.keys(fields)) res.setHeader(name, fields[name]!)
}

/** Calls back once, with what happens first. */
function answerOnce(res: ServerResponse, isWhole: boolean, callback: FileCallback): FileEvents {
  let done = false
  // Undefined until the file is found, then whether it is read, as an answer without a body ends without.
  let isStreaming: boolean | undefined
  const settle = (error?: Error) => {
    if (done) return
    done = true
    callback(error)
  }
  const abort = () => settle(coded('Request aborted', 'ECONNABORTED'))
  const breakOff = (error: NodeJS.ErrnoException | null | undefined) =>
    error && error.code !== 'ECONNRESET' ? settle(error) : abort()
  if (!isWhole) {
    whenFinished(res, (error) => {
      if (error) breakOff(error)
      else if (!done) setImmediate(() => (isStreaming === false ? settle() : abort()))
    })
  }
  return {
    directory: () => settle(coded('EISDIR, read', 'EISDIR')),
    // Without a stream no events of the response are watched: it may have ended while the file was looked up.
    error: (error) => (isWhole && res.writableEnded ? abort() : settle(error)),
    file() {
      isStreaming = false
    },
    stream() {
      isStreaming = true
    },
    end: () => (res.destroyed ? breakOff(res.errored) : settle()),
  }
}

/** Calls back when the response has ended, or with what broke its connection. */
function whenFinished(res: ServerResponse, callback: (error?: Error | null) => void): void {
  // Events of a connection come in the connection's own context: an AsyncLocalStorage must still hold afterwards.
  const bound = getBuiltinModule('node:async_hooks').AsyncResource.bind(callback)
  if (res.writableEnded || res.destroyed) {
    setImmediate(bound)
    return
  }
  const { socket } = res
  const finished = () => {
    // A connection outlives the response that it was kept alive for.
    socket?.removeListener('error', bound)
    bound(res.errored)
  }
  socket?.once('error', bound)
  for (const event of ['finish', 'close']) res.once(event, finished)
}
