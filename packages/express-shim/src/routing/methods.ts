/**
 * Node's `http.METHODS` in lower case: the verbs that `app`, `Router` and `Route` have a function for. Written out, as
 * reading them from `node:http` would load it at every cold start; a test compares the two.
 */
export const methods: readonly string[] = (
  'acl bind checkout connect copy delete get head link lock m-search merge mkactivity mkcalendar mkcol move notify ' +
  'options patch post propfind proppatch purge put query rebind report search source subscribe trace unbind unlink ' +
  'unlock unsubscribe'
).split(' ')
