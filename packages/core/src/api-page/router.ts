import { contractKey, type RouteOptions } from '../app/route-options.ts'
import { type AnyRouter, Router } from '../app/router.ts'
import type { Request } from '../handler/request.ts'
import { type Reply, reply } from '../handler/result.ts'
import { NotFoundError } from '../message/errors.ts'
import { ApiPage, type ApiPageOptions } from './page.ts'

/** The page is no part of the API that it describes. */
const hidden = {
  compress: false,
  [contractKey]: { definition: { hidden: true }, attach: <Steps>(steps: Steps): Steps => steps },
} as RouteOptions

/**
 * A page with Swagger UI for the API, to mount in an application. Its files are beside the handler, and no request leaves the
 * host: see `expressway openapi --page`.
 * @example app.use('/docs', apiPage({ document: () => openapi(app, info).document, assets: new URL('./api/', import.meta.url) }))
 * @throws TypeError if the document is neither an OpenAPI document nor a function, or the folder is neither a path nor a
 * `file:` URL.
 */
export function apiPage(options: ApiPageOptions): AnyRouter {
  const page = new ApiPage(options)
  const answer = async (req: Request<{ file?: string }>): Promise<Reply> => {
    const found = await page.answer({
      name: req.params.file ?? '',
      path: req.path,
      acceptEncoding: req.headers.get('accept-encoding'),
      ifNoneMatch: req.headers.get('if-none-match'),
    })
    if (found === undefined) throw new NotFoundError()
    return reply(found)
  }
  return new Router().get('/', hidden, answer).get('/:file', hidden, answer)
}
