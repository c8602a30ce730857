/** Verbs that the client offers as methods: Node's `http.METHODS` in lower case, as Express and supertest spell them. */
export const METHODS = (
  'acl bind checkout connect copy delete get head link lock m-search merge mkactivity mkcalendar mkcol move notify ' +
  'options patch post propfind proppatch purge put query rebind report search source subscribe trace unbind unlink ' +
  'unlock unsubscribe'
).split(' ') as Verb[]

/** The name of a verb's method. */
export type Verb =
  | 'acl'
  | 'bind'
  | 'checkout'
  | 'connect'
  | 'copy'
  | 'delete'
  | 'get'
  | 'head'
  | 'link'
  | 'lock'
  | 'm-search'
  | 'merge'
  | 'mkactivity'
  | 'mkcalendar'
  | 'mkcol'
  | 'move'
  | 'notify'
  | 'options'
  | 'patch'
  | 'post'
  | 'propfind'
  | 'proppatch'
  | 'purge'
  | 'put'
  | 'query'
  | 'rebind'
  | 'report'
  | 'search'
  | 'source'
  | 'subscribe'
  | 'trace'
  | 'unbind'
  | 'unlink'
  | 'unlock'
  | 'unsubscribe'
