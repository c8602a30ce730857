import { type Application, application } from './application.ts'
import { getBuiltinModule } from './builtin.ts'
import { give } from './property.ts'
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
  // The application has prototypes of its own and makes its messages with them, so that no message has to change its prototype.
  // The classes have names, since a class without one does not inherit a name.
  app.request = class IncomingMessage extends Request {}.prototype as RoutedRequest
  app.response = class ServerResponse extends Response {}.prototype as RoutedResponse
  give(app.request, 'app', app)
  give(app.response, 'app', app)
  app.init()
  return app
}
