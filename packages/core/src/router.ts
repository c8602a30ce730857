/**
 * The index of paths, apart from HTTP: which pattern a path matches, and with which parameters.
 * @module
 */
export {
  compilePath,
  type EntryOptions,
  explainPathError,
  type Match,
  type Params,
  type Path,
  PathIndex,
  type PathMatch,
  type PathOptions,
  type PathParams,
} from './router/path-index.ts'
