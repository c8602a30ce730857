import { type Application, application } from './application.ts'
import { getBuiltinModule } from './builtin.ts'
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
  const members = [application, getBuiltinModule('node:events').EventEmitter.prototype]
  Object.defineProperties(app, Object.assign({}, ...members.map(Object.getOwnPropertyDescriptors)))
  app.request = own(class extends Request {}.prototype, app) as RoutedRequest
  app.response = own(class extends Response {}.prototype, app) as RoutedResponse
  app.init()
  return app
}

/** A prototype of the application's own: its requests are made with it, so that none has to change its prototype. */
function own(prototype: object, app: Application): object {
  return Object.defineProperty(prototype, 'app', { configurable: true, enumerable: true, writable: true, value: app })
}
