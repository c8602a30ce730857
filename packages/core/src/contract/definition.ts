import type { Next, Step } from '../app/compose.ts'
import { contractKey, type RouteOptions } from '../app/route-options.ts'
import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import type { Reply } from '../handler/result.ts'
import type { PathParams } from '../router/path-params.ts'
import type { InputOf, OutputOf, Schema } from './schema.ts'

/** A body of another kind than JSON, or of several kinds: the schema for each. */
export interface BodyByKind {
  /** `application/json`, and types that end in `+json`. */
  readonly json?: Schema
  /** `application/x-www-form-urlencoded`. */
  readonly form?: Schema
  /** `multipart/form-data`; a file is a `FormFile`. */
  readonly multipart?: Schema
}

/** An answer with more than its schema. */
export interface ResponseSpec {
  readonly description?: string
  /** What the body has to satisfy; without one the answer has no body that the contract describes. */
  readonly schema?: Schema
  /** Default: `application/json`. */
  readonly contentType?: string
  /** Response headers by name, for the document. */
  readonly headers?: Readonly<Record<string, { readonly description?: string; readonly schema?: Schema }>>
}

/** Answers by status; `null` if the answer has no body. */
export type Responses = Readonly<Record<number, Schema | ResponseSpec | null>>

/** What a route accepts, what it answers, and what the document says of it. */
export interface Contract extends RouteOptions {
  /** Path parameters. Default: the texts that the path captures. */
  readonly params?: Schema
  readonly query?: Schema
  /** Header fields by lower-case name; the values of a repeated field are joined with `, `. */
  readonly headers?: Schema
  readonly cookies?: Schema
  /** A schema is for JSON. */
  readonly body?: Schema | BodyByKind
  /** A schema is for 200. The only 2xx status of a record is the status of a value that the handler returns. */
  readonly response?: Schema | Responses
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  /** Unique in the document. Default: made of method and path. */
  readonly operationId?: string
  readonly deprecated?: boolean
  /** Alternatives, each with the schemes that are needed together and their scopes: `[{ jwt: ['todos:write'] }]`. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  /** Leaves the route out of the document. */
  readonly hidden?: boolean
}

/** How strictly a contract is kept. */
export interface ContractSettings {
  /**
   * What happens to answers: `off` (default) checks their types only, `log` reports an answer that does not match, and
   * `enforce` answers 500 instead and otherwise sends what the schema makes of the answer, so that no other member leaks.
   */
  readonly answers?: 'off' | 'log' | 'enforce'
}

/** Options of a route that has a contract; made by {@link contract}. */
export interface ContractOptions<C extends Contract = Contract> extends RouteOptions {
  readonly [contractKey]: BoundContract<C>
}

/** A contract and how a route keeps it. */
export interface BoundContract<C extends Contract = Contract> {
  readonly definition: C
  /**
   * The steps of a route with validation before them, and the check of the answer around the last.
   * @throws TypeError if the contract is invalid for the route; `route` names it.
   */
  attach(steps: readonly Step[], methods: readonly string[] | undefined, route: string): Step[]
}

/** What the schema of a body makes of it: one schema, or one for each media type. */
export type BodyOutput<B> = B extends Schema ? OutputOf<B> : B extends BodyByKind ? OutputOf<B[keyof B]> : never

type Field<C, Name extends string> = C extends { readonly [K in Name]: infer S extends Schema } ? OutputOf<S> : never

/** What the schemas of a contract make of the request; a part without a schema is absent. */
export type Valid<C> = {
  readonly [K in Extract<keyof C, 'params' | 'query' | 'headers' | 'cookies'>]: Field<C, K>
} & (C extends { readonly body: infer B } ? { readonly body: BodyOutput<B> } : unknown)

type SchemaOf<R> = R extends Schema ? R : R extends { readonly schema: infer S extends Schema } ? S : null

type BodyInput<R> = SchemaOf<R> extends Schema ? InputOf<SchemaOf<R>> : undefined

/** The statuses of success among the keys of a record. */
type Success<R> = Extract<keyof R, 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226>

type ReplyOf<R> = { [Status in Extract<keyof R, number>]: Reply<Status, BodyInput<R[Status]>> }[Extract<
  keyof R,
  number
>]

/** What a handler of a contract returns: the value of a success, or a reply of a declared status. */
export type Answer<C> = C extends { readonly response: infer R }
  ? R extends Schema
    ? InputOf<R> | Reply<200, InputOf<R>>
    : BodyInput<R[Success<R>]> | ReplyOf<R>
  : unknown

/** A handler of a route with a contract. */
export type ContractHandler<C, Params = object, Event = unknown> = (
  req: Request<Params, Event> & { readonly valid: Valid<C> },
  res: Response,
) => Returned<C> | Promise<Returned<C>>

// biome-ignore lint/suspicious/noConfusingVoidType: a handler that writes to `res` returns nothing
type Returned<C> = Answer<C> | Response | undefined | void

/** Middleware of a route with a contract: the request is validated already. */
export type ContractMiddleware<C, Params = object, Event = unknown> = (
  req: Parameters<ContractHandler<C, Params, Event>>[0],
  res: Response,
  next: Next,
) => unknown

/** What a chained application knows of its routes, for {@link PathsOf}. It exists in types only. */
export interface Declared<Method extends string, P extends string, C> {
  readonly [declared]?: {
    readonly [K in `${Method} ${P}`]: { readonly method: Method; readonly path: P; readonly contract: C }
  }
}

declare const declared: unique symbol

type Routes<App> = App extends { readonly [declared]?: infer R } ? NonNullable<R> : never

type AnyRoute = { readonly method: string; readonly path: string; readonly contract: object }

/** A path as a document writes it: `/todos/:list` is `/todos/{list}`. */
type Template<P extends string> = P extends `${infer Head}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? `${Head}{${Name}}/${Template<Tail>}`
    : `${Head}{${Rest}}`
  : P

/** What JSON makes of a value. */
type Jsonified<T> = T extends { toJSON(): infer J }
  ? Jsonified<J>
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends bigint
      ? number
      : T extends readonly unknown[]
        ? { [K in keyof T]: Jsonified<T[K]> }
        : T extends object
          ? { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: Jsonified<T[K]> }
          : T

type Parameter<C, Name extends string> = C extends { readonly [K in Name]: infer S extends Schema } ? InputOf<S> : never

type OperationParameters<C, P extends string> = {
  path: C extends { readonly params: infer S extends Schema } ? InputOf<S> : PathParams<P>
} & Optional<'query', Parameter<C, 'query'>> &
  Optional<'header', Parameter<C, 'headers'>> &
  Optional<'cookie', Parameter<C, 'cookies'>>

/** A member that is required if its value has required members. */
type Optional<Name extends string, Value> = [Value] extends [never]
  ? { [K in Name]?: never }
  : object extends Value
    ? { [K in Name]?: Value }
    : { [K in Name]: Value }

type Content<Kind extends string, S> = [S] extends [never] ? never : { [K in Kind]: S }

type RequestBody<B> = B extends Schema
  ? { content: { 'application/json': InputOf<B> } }
  : B extends BodyByKind
    ? {
        content: {
          [K in keyof B as K extends 'json'
            ? 'application/json'
            : K extends 'form'
              ? 'application/x-www-form-urlencoded'
              : 'multipart/form-data']: InputOf<B[K]>
        }
      }
    : never

type ResponseOf<R> = {
  headers: { [name: string]: unknown }
} & (SchemaOf<R> extends Schema
  ? { content: Content<'application/json', Jsonified<OutputOf<SchemaOf<R>>>> }
  : { content?: never })

type ResponsesOf<C> = C extends { readonly response: infer R }
  ? R extends Schema
    ? { 200: ResponseOf<R> }
    : { [Status in Extract<keyof R, number>]: ResponseOf<R[Status]> }
  : { 200: { headers: { [name: string]: unknown }; content: { 'application/json': unknown } } }

type Operation<R extends AnyRoute> = {
  parameters: OperationParameters<R['contract'], R['path']>
  responses: ResponsesOf<R['contract']>
} & (R['contract'] extends { readonly body: infer B } ? { requestBody: RequestBody<B> } : { requestBody?: never })

/**
 * The routes of a chained application with contracts, in the shape that openapi-typescript generates: for `openapi-fetch`.
 * Only chaining adds to the type of an application; for other code, generate the types from the document.
 * @example
 * const app = createApp().get('/todos/:list', contract({ response: Todos }), (req) => read(req.params.list))
 * const client = createClient<PathsOf<typeof app>>({ baseUrl: 'https://api.example.com' })
 */
export type PathsOf<App> =
  Routes<App> extends infer All extends Record<string, AnyRoute>
    ? {
        [P in All[keyof All]['path'] as Template<P>]: {
          [K in keyof All as All[K]['path'] extends P ? All[K]['method'] : never]: Operation<All[K]>
        }
      }
    : never
