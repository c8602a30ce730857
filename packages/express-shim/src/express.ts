import { type Application, application } from './application.ts'
import { Request } from './request.ts'
import { Response } from './response.ts'
import type { Next, RoutedRequest, RoutedResponse } from './types.ts'

/** Creates an application. @see https://expressjs.com/en/5x/api.html#express */
export function createApplication(): Application {
  // biome-ignore lint/complexity/useArrowFunction: Express's is a plain function, with a prototype.
  const app = function (req: RoutedRequest, res: RoutedResponse, next?: Next): void {
    app.handle(req, res, next)
  } as Application
  // Own members, as Express's applications have them: instrumentation wraps those of `express.application` beforehand.
  mixin(app, process.getBuiltinModule('node:events').EventEmitter.prototype)
  mixin(app, application)
  app.request = own(class extends Request {}.prototype, app) as RoutedRequest
  app.response = own(class extends Response {}.prototype, app) as RoutedResponse
  app.init()
  return app
}

function mixin(target: object, source: object): void {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(source))) {
    if (!Object.hasOwn(target, name)) Object.defineProperty(target, name, descriptor)
  }
}

/** Lists the members that Express's prototypes list: whoever copies or wraps all of them finds them so. */
function list({ prototype }: { prototype: object }): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name !== 'constructor' && name !== 'locals') Object.defineProperty(prototype, name, { enumerable: true })
  }
}

list(Request)
list(Response)

/** A prototype of the application's own: its requests are made with it, so that none has to change its prototype. */
function own(prototype: object, app: Application): object {
  return Object.defineProperty(prototype, 'app', { configurable: true, enumerable: true, writable: true, value: app })
}
