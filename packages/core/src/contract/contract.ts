import { contractKey } from '../app/route-options.ts'
import { bind } from './bind.ts'
import type { Contract, ContractOptions, ContractSettings } from './definition.ts'

/**
 * Declares what a route accepts and answers. The request is validated before the route's middleware and handler, which find
 * what the schemas made of it in `req.valid`.
 * @example
 * app.post('/todos', contract({ body: NewTodo, response: { 201: Todo } }), (req) => reply({ status: 201, body: add(req.valid.body) }))
 * @throws TypeError at the route's registration if a part is not a Standard Schema, a status is invalid, or GET has a body.
 */
export function contract<const C extends Contract>(definition: C, settings: ContractSettings = {}): ContractOptions<C> {
  const { cors, compress, cacheControl, etag } = definition
  const options = { cors, compress, cacheControl, etag }
  for (const name of Object.keys(options) as (keyof typeof options)[]) {
    // An absent option leaves the router's own in force; one that is undefined would replace it.
    if (options[name] === undefined) delete options[name]
  }
  return { ...options, [contractKey]: bind(definition, settings) }
}
