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
