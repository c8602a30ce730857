import { ApiPage, type ApiPageOptions, type PageAnswer } from '@expressway/core/api-page'
import type { Request, RequestHandler, Response } from 'express'
import { MESSAGE } from '../node/message-state.ts'

/**
 * A page with Swagger UI for the API, as middleware to mount in an application of the shim or of Express. Its files are beside
 * the handler, and no request leaves the host: see `expressway openapi --page`.
 * @example app.use('/docs', apiPage({ document: () => openapi(app, info).document, assets: new URL('./api/', import.meta.url) }))
 * @throws TypeError if the document is neither an OpenAPI document nor a function, or the folder is neither a path nor a
 * `file:` URL.
 */
export function apiPage(options: ApiPageOptions): RequestHandler {
  const page = new ApiPage(options)
  return (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') next()
    else answer(page, req, res).then((isAnswered) => isAnswered || next(), next)
  }
}

async function answer(page: ApiPage, req: Request, res: Response): Promise<boolean> {
  const found = await page.answer({
    name: req.path.slice(1),
    path: pathInApplication(req),
    acceptEncoding: req.headers['accept-encoding'],
    ifNoneMatch: req.headers['if-none-match'],
  })
  if (found !== undefined) send(res, found)
  return found !== undefined
}

/** Node's own methods: `res.set` would change the content type, `res.send` the entity tag. */
function send(res: Response, { status, headers, body }: PageAnswer): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  res.status(status).end(body)
}

/** Without stage and mapping, and without the path under which the application is mounted in another. */
function pathInApplication(req: Request & { readonly [MESSAGE]?: { readonly path: string } }): string {
  const path = req[MESSAGE]?.path ?? req.originalUrl.replace(/\?.*/s, '')
  const prefix = req.app.path()
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path
}
