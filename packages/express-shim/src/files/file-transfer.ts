import type { Stats } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getBuiltinModule } from '../builtin.ts'
import { type HttpError, httpError, toHttpError } from '../http/http-error.ts'
import { contentType } from '../http/mime.ts'
import type { Range } from '../http/range.ts'
import { checkConditions, rangeToSend } from './file-conditions.ts'
import type { FileRules } from './file-options.ts'
import { locate } from './file-path.ts'
import { sendWhole } from './whole-file.ts'

/** What becomes of a transfer; each is for one caller to answer. */
export interface FileEvents {
  /** The path is a directory's. */
  directory(): void
  /** Nothing was sent: a file that is not there, a refused path, a failed condition. */
  error(error: HttpError): void
  /** There is a file. */
  file?(): void
  /** The headers are about to be set: those set now are kept. */
  headers?(res: ServerResponse, path: string, stat: Stats): void
  /** The file is being read. */
  stream?(): void
  /** Nothing more is to be sent; the response has ended. */
  end?(): void
}

/** A file on its way to a client. */
export interface Transfer {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly rules: FileRules
  readonly events: FileEvents
  /** The file goes into the answer in one piece: what `takesWhole` says of the response. */
  readonly isWhole: boolean
}

const fs = () => getBuiltinModule('node:fs')
const nodePath = () => getBuiltinModule('node:path')

/** Sends the file at a path (decoded, relative to the root if there is one), its index or the variant with an extension. */
export function transferFile(path: string, hasTrailingSlash: boolean, transfer: Transfer): void {
  const { rules } = transfer
  const found = locate(path, rules)
  if (typeof found === 'number') fail(transfer.events, found)
  else if (hasTrailingSlash && rules.index.length > 0) {
    tryFiles(
      rules.index.map((name) => nodePath().join(found, name)),
      undefined,
      transfer,
    )
  } else sendPath(found, transfer)
}

/** Reports why nothing is sent. */
export function fail(events: FileEvents, status: number, properties?: Record<string, unknown>): void {
  events.error(httpError(status, undefined, properties))
}

function failToRead({ events }: Transfer, error: NodeJS.ErrnoException): void {
  const status = ['ENAMETOOLONG', 'ENOENT', 'ENOTDIR'].includes(error.code ?? '') ? 404 : 500
  events.error(toHttpError(error, status, { expose: false }))
}

function sendPath(path: string, transfer: Transfer): void {
  const { rules, events } = transfer
  const endsWithSeparator = path.endsWith(nodePath().sep)
  fs().stat(path, (error, stat) => {
    if (error?.code === 'ENOENT' && !endsWithSeparator && !nodePath().extname(path)) {
      tryFiles(
        rules.extensions.map((extension) => `${path}.${extension}`),
        error,
        transfer,
      )
    } else if (error) failToRead(transfer, error)
    else if (stat.isDirectory()) events.directory()
    else if (endsWithSeparator) fail(events, 404)
    else sendFound(path, stat, transfer)
  })
}

/** Sends the first path that is a file; otherwise fails with the error of the last one. */
function tryFiles(paths: string[], before: NodeJS.ErrnoException | undefined, transfer: Transfer): void {
  const [path, ...others] = paths
  if (path === undefined && before) failToRead(transfer, before)
  else if (path === undefined) fail(transfer.events, 404)
  else {
    fs().stat(path, (error, stat) => {
      if (error) tryFiles(others, error, transfer)
      else if (stat.isDirectory()) tryFiles(others, undefined, transfer)
      else sendFound(path, stat, transfer)
    })
  }
}

function sendFound(path: string, stat: Stats, transfer: Transfer): void {
  const { req, res, rules, events } = transfer
  events.file?.()
  if (res.headersSent) {
    const error = new Error("Can't set headers after they are sent.")
    events.error(toHttpError(error, 500, { expose: false }))
    return
  }
  setFileHeaders(path, stat, transfer)
  const validators = { etag: res.getHeader('ETag'), lastModified: res.getHeader('Last-Modified') }
  const status = checkConditions(req.headers, res.statusCode, validators)
  if (status === 412) fail(events, 412)
  else if (status === 304) endNotModified(transfer)
  else {
    const size = sizeToSend(stat.size, rules)
    const range = rules.acceptRanges ? rangeToSend(req.headers, size, validators) : undefined
    if (range === -1) failRange(size, transfer)
    else sendPart(path, range ?? { start: 0, end: size - 1 }, range && size, transfer)
  }
}

/** Sets the headers that follow from the file, except those that are set already. */
function setFileHeaders(path: string, stat: Stats, { res, rules, events }: Transfer): void {
  events.headers?.(res, path, stat)
  const fields: [string, string | false | undefined][] = [
    ['Accept-Ranges', rules.acceptRanges && 'bytes'],
    ['Cache-Control', rules.cacheControl],
    ['Last-Modified', rules.lastModified && stat.mtime.toUTCString()],
    ['ETag', rules.etag && `W/"${stat.size.toString(16)}-${stat.mtime.getTime().toString(16)}"`],
    ['Content-Type', contentType(nodePath().extname(path)) || 'application/octet-stream'],
  ]
  for (const [name, value] of fields) if (value && !res.getHeader(name)) res.setHeader(name, value)
}

function sizeToSend(size: number, { start, end }: FileRules): number {
  const left = Math.max(0, size - start)
  return end === undefined ? left : Math.min(left, end - start + 1)
}

const DESCRIPTIVE = ['Content-Encoding', 'Content-Language', 'Content-Length', 'Content-Range', 'Content-Type']

function endNotModified(transfer: Transfer): void {
  for (const name of DESCRIPTIVE) transfer.res.removeHeader(name)
  transfer.res.statusCode = 304
  endEmpty(transfer)
}

function endEmpty({ res, events, isWhole }: Transfer): void {
  res.end()
  if (isWhole) events.end?.()
}

/** RFC 9110, section 15.5.17. */
function failRange(size: number, transfer: Transfer): void {
  const range = `bytes */${size}`
  transfer.res.setHeader('Content-Range', range)
  fail(transfer.events, 416, { headers: { 'Content-Range': range } })
}

/** Sends bytes of the file; `size` is that of the whole file if they are a part of it. */
function sendPart(path: string, part: Range, size: number | undefined, transfer: Transfer): void {
  const { req, res, rules, isWhole } = transfer
  if (size !== undefined) {
    res.statusCode = 206
    res.setHeader('Content-Range', `bytes ${part.start}-${part.end}/${size}`)
  }
  const length = part.end - part.start + 1
  const start = rules.start + part.start
  res.setHeader('Content-Length', length)
  if (req.method === 'HEAD') endEmpty(transfer)
  else if (isWhole) sendWhole(path, start, length, transfer, (error) => failToRead(transfer, error))
  else sendStream(path, { start, end: Math.max(start, start + length - 1) }, transfer)
}

function sendStream(path: string, range: { start: number; end: number }, transfer: Transfer): void {
  const { res, events } = transfer
  const stream = fs().createReadStream(path, range)
  events.stream?.()
  stream.pipe(res)
  res.once('close', () => stream.destroy())
  stream.on('error', (error) => {
    stream.destroy()
    failToRead(transfer, error)
  })
  stream.on('end', () => events.end?.())
}
