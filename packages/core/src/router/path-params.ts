import type { Params } from './path-match.ts'
import type { Path } from './path-pattern.ts'

/** What a pattern captures: its name, what it holds, and whether it may be missing. */
type Found = [name: string, value: unknown, optional: boolean]

// A name is letters, digits, `$` and `_`. As letters of all languages count, what ends one is listed instead.
type NameEnd =
  | ('/' | '.' | '-' | ':' | '*' | '{' | '}' | '\\' | '~' | '@' | '%' | '&' | '=' | ',' | ';' | '"' | "'" | ' ' | '|')
  | ('(' | ')' | '[' | ']' | '+' | '?' | '!' | '<' | '>' | '^' | '`' | '#')

type Name<S extends string, Taken extends string = ''> = S extends `${infer Char}${infer Rest}`
  ? Char extends NameEnd
    ? [Taken, S]
    : Name<Rest, `${Taken}${Char}`>
  : [Taken, '']

type NameAndRest<S extends string> = S extends `"${infer Quoted}"${infer Rest}` ? [Quoted, Rest] : Name<S>

/** Walks through a pattern; `Depth` has one element for each group that is open. */
type Scan<S extends string, Depth extends unknown[] = [], All extends Found = never> = string extends S
  ? All | [string, string | string[], false]
  : S extends `\\${string}${infer Rest}`
    ? Scan<Rest, Depth, All>
    : S extends `${infer Kind extends ':' | '*'}${infer Rest}`
      ? NameAndRest<Rest> extends [infer N extends string, infer After extends string]
        ? Scan<After, Depth, All | [N, Kind extends ':' ? string : string[], Depth extends [] ? false : true]>
        : never
      : S extends `{${infer Rest}`
        ? Scan<Rest, [...Depth, 0], All>
        : S extends `}${infer Rest}`
          ? Scan<Rest, Depth extends [unknown, ...infer Outer] ? Outer : [], All>
          : S extends `${infer Char}${infer Rest}`
            ? Scan<string extends Char ? string : Rest, Depth, All>
            : All

type Needed<All extends Found> = Extract<All, [string, unknown, false]>[0]

type Named<All extends Found> = {
  [F in All as F[2] extends false ? F[0] : never]: F[1]
} & {
  [F in All as Exclude<F[0], Needed<All>>]?: F[1]
}

type OfText<P extends string> = string extends Scan<P>[0] ? Params : Flat<Named<Scan<P>>>
type OfOne<P> = P extends string ? OfText<P> : P extends RegExp ? Record<string, string> : Params
// Two levels of arrays are told; what is nested deeper falls to `Params`.
type Element<P> = P extends readonly (infer One)[] ? One : P

type Flat<T> = { [K in keyof T]: T[K] }
type AnyKey<U> = U extends unknown ? keyof U : never
type AnyValue<U> = U extends unknown ? U[keyof U] : never
type ValueOf<U, K extends PropertyKey> = U extends unknown ? (K extends keyof U ? Required<U>[K] : never) : never
type OptionalKey<U> = U extends unknown ? { [K in keyof U]-?: object extends Pick<U, K> ? K : never }[keyof U] : never
/** What is in all of the types, and optional in none. */
type SureKey<U> = Exclude<Extract<AnyKey<U>, keyof U>, OptionalKey<U>>

/** Of several paths: what all of them have is there, what only some have may be missing. */
type Merge<U> =
  string extends AnyKey<U>
    ? Record<string, AnyValue<U>>
    : Flat<{ [K in SureKey<U>]: ValueOf<U, K> } & { [K in Exclude<AnyKey<U>, SureKey<U>>]?: ValueOf<U, K> }>

/**
 * The type of the parameters of a path, told from its text: `:name` is a string, `*name` an array of strings, and what
 * stands in `{}` may be missing. Of an array of paths, what not all of them have may be missing. For text that is not
 * known to the compiler any name may be there, as in Express's own types; a RegExp's groups are strings.
 *
 * @example PathParams<'/users/:id{/files/*path}'> // { id: string; path?: string[] }
 */
export type PathParams<P extends Path> = Merge<OfOne<Element<Element<P>>>>
