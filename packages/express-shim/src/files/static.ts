import type { Stats } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { check } from '../check.ts'
import { escapeHtml, htmlPage } from '../http/html.ts'
import { encodeUrl } from '../url/encode-url.ts'
import { originOf, pathnameOf } from '../url/parse-url.ts'
import { type FileOptions, toFileRules } from './file-options.ts'
import { type FileEvents, fail, transferFile } from './file-transfer.ts'
import { takesWhole } from './whole-file.ts'

type StaticRequest = IncomingMessage & { originalUrl?: string }
type Next = (error?: unknown) => unknown

/** @see https://expressjs.com/en/5x/api.html#express.static */
export interface StaticOptions extends FileOptions {
  /** Whether a path without a file goes on to the next middleware; otherwise it is an error. Default: true. */
  fallthrough?: boolean
  /** Whether a directory's path is redirected to the one with a slash. Default: true. */
  redirect?: boolean
  /** Sets fields of one's own; called when a file was found. */
  setHeaders?: (res: ServerResponse, path: string, stat: Stats) => unknown
}

/**
 * Serves the files of a directory.
 *
 * @example app.use('/assets', express.static('public', { maxAge: '1d' }))
 * @throws TypeError if the directory or an option is invalid.
 */
export function serveStatic(root: string, options?: StaticOptions) {
  check(root, 'root path required')
  check(typeof root === 'string', 'root path must be a string')
  const { fallthrough, redirect, setHeaders } = options ?? {}
  check(!setHeaders || typeof setHeaders === 'function', 'option setHeaders must be function')
  const rules = toFileRules(Object.assign(Object.create(options ?? null) as FileOptions, { root }))
  return function serveStatic(req: StaticRequest, res: ServerResponse, next: Next): void {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      if (fallthrough === false) refuseMethod(res)
      else next()
      return
    }
    const path = requestPath(req)
    let forwards = fallthrough === false
    const events: FileEvents = {
      directory() {
        if (redirect === false || path.endsWith('/')) fail(events, 404)
        else redirectToDirectory(req, res)
      },
      error: (error) => next(forwards || error.statusCode >= 500 ? error : undefined),
      file() {
        // It is this directory's to answer, so its errors are too.
        forwards = true
      },
      headers: setHeaders || undefined,
    }
    const decoded = decode(path)
    if (decoded === undefined) fail(events, 400)
    else transferFile(decoded, path.endsWith('/'), { req, res, rules, events, isWhole: takesWhole(res) })
  }
}

function requestPath(req: StaticRequest): string {
  const path = pathnameOf(req.url) ?? ''
  // The mount path itself, without a slash, is redirected too: relative links need one.
  return path === '/' && !originalPath(req).endsWith('/') ? '' : path
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

const originalUrl = (req: StaticRequest): string =>
  typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '')
const originalPath = (req: StaticRequest): string => pathnameOf(originalUrl(req)) ?? ''

function refuseMethod(res: ServerResponse): void {
  res.statusCode = 405
  res.setHeader('Allow', 'GET, HEAD')
  res.setHeader('Content-Length', '0')
  res.end()
}

function redirectToDirectory(req: StaticRequest, res: ServerResponse): void {
  const url = originalUrl(req)
  const rest = url.search(/[?#]/)
  // Of several slashes one is left: `//host` would lead to another site.
  const directory = `${originalPath(req)}/`.replace(/^\/{2,}/, '/')
  sendRedirect(res, encodeUrl(originOf(url) + directory + (rest < 0 ? '' : url.slice(rest))))
}

function sendRedirect(res: ServerResponse, location: string): void {
  const page = htmlPage('Redirecting', `Redirecting to ${escapeHtml(location)}`)
  res.statusCode = 301
  res.setHeader('Content-Type', 'text/html; charset=UTF-8')
  res.setHeader('Content-Length', Buffer.byteLength(page))
  res.setHeader('Content-Security-Policy', "default-src 'none'")
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Location', location)
  res.end(page)
}
