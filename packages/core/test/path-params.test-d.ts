import type { Params, PathParams } from '../src/router/path-index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Expect<T extends true> = T

export type Told = [
  Expect<Equal<keyof PathParams<'/'>, never>>,
  Expect<Equal<keyof PathParams<''>, never>>,
  Expect<Equal<keyof PathParams<'/about/us'>, never>>,
  Expect<Equal<PathParams<'/hello/:username'>, { username: string }>>,
  Expect<Equal<PathParams<'/users/:user_id/posts/:$post1'>, { user_id: string; $post1: string }>>,
  Expect<Equal<PathParams<'/flights/:from-:to.:format'>, { from: string; to: string; format: string }>>,
  Expect<Equal<PathParams<'/:"any name"/:"a-b"'>, { 'any name': string; 'a-b': string }>>,
  Expect<Equal<PathParams<'/:"id"x'>, { id: string }>>,
  Expect<Equal<PathParams<'/:größe'>, { größe: string }>>,
  Expect<Equal<PathParams<'/files/*path'>, { path: string[] }>>,
  Expect<Equal<PathParams<'/:id/*path/raw'>, { id: string; path: string[] }>>,
  Expect<Equal<PathParams<'/*"any path"'>, { 'any path': string[] }>>,
  Expect<Equal<PathParams<'/users{/:id}'>, { id?: string }>>,
  Expect<Equal<PathParams<'/users{/:id}/posts/:post'>, { post: string; id?: string }>>,
  Expect<Equal<PathParams<'/:file{.:ext}'>, { file: string; ext?: string }>>,
  Expect<Equal<PathParams<'/a{/:b{/:c}}/:d'>, { d: string; b?: string; c?: string }>>,
  Expect<Equal<PathParams<'/{*rest}'>, { rest?: string[] }>>,
  Expect<Equal<PathParams<'/:id{/:id}'>, { id: string }>>,
  Expect<Equal<PathParams<'/\\:id/:name'>, { name: string }>>,
  Expect<Equal<PathParams<'/\\{/:id\\}'>, { id: string }>>,
  Expect<Equal<PathParams<'/:__proto__'>, { __proto__: string }>>,
]

export type Untold = [
  Expect<Equal<PathParams<string>, Params>>,
  Expect<Equal<PathParams<RegExp>, Record<string, string>>>,
  Expect<Equal<PathParams<`/:id/${string}`>, Params>>,
  Expect<Equal<PathParams<`${string}/:id`>, Params>>,
  Expect<Equal<PathParams<['/a/:id', RegExp]>, Record<string, string>>>,
  Expect<Equal<PathParams<['/a/*rest', RegExp]>, Params>>,
  Expect<Equal<PathParams<(string | RegExp)[]>, Params>>,
]

export type Several = [
  Expect<Equal<PathParams<['/a/:id', '/b/:id']>, { id: string }>>,
  Expect<Equal<PathParams<readonly ['/a/:id', '/b/:name']>, { id?: string; name?: string }>>,
  Expect<Equal<PathParams<['/a/:id', ['/b/:id/*rest']]>, { id: string; rest?: string[] }>>,
  Expect<Equal<PathParams<['/a/:id', '/b']>, { id?: string }>>,
  Expect<Equal<PathParams<['/a/:x', '/b/*x']>, { x: string | string[] }>>,
  Expect<Equal<PathParams<'/a/:id' | '/b/:id/:part'>, { id: string; part?: string }>>,
]

declare function route<const P extends string | RegExp | readonly (string | RegExp)[]>(
  path: P,
  handler: (params: PathParams<P>) => unknown,
): void

route('/hello/:username', (params) => params.username.toUpperCase())
route('/files/*path', (params) => params.path.join('/'))
route(['/a/:id', '/b/:id'], (params) => params.id.toUpperCase())
route(/^\/(?<year>\d+)$/, (params) => params.year?.toUpperCase())
// @ts-expect-error: the path has no such name
route('/hello/:username', (params) => params.user)
// @ts-expect-error: what stands in braces may be missing
route('/users{/:id}', (params) => params.id.toUpperCase())
// @ts-expect-error: not every path of the array has it
route(['/a/:id', '/b'], (params) => params.id.toUpperCase())
// @ts-expect-error: a wildcard is an array
route('/files/*path', (params) => params.path.toUpperCase())
