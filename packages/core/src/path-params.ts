import type { Params, Path } from './router.ts'

/** The parameters of a path, told from its text. */
export type PathParams<P extends Path> = P extends string ? Params : Params
