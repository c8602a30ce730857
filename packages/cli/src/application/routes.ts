import { documentPaths, type RouteInfo, routesOf } from '@expressway/core/openapi'
import type { KnownRoute } from '../infrastructure/drift.ts'
import { type LoadedApplication, type LoadOptions, loadApplication, type Refusal } from './load.ts'

/** A route as commands show it. */
export interface ListedRoute extends KnownRoute {
  readonly contract: boolean
  readonly handlers: readonly string[]
}

/** The routes of applications. */
export interface Listing {
  readonly routes: readonly ListedRoute[]
  /** Paths with middleware for all below. */
  readonly mounts: readonly string[]
  readonly warnings: readonly string[]
}

/** The routes of several files as one listing. */
export const joinListings = (listings: readonly Listing[]) => ({
  routes: listings.flatMap((listing) => listing.routes),
  mounts: listings.flatMap((listing) => listing.mounts),
  warnings: listings.flatMap((listing) => listing.warnings),
})

/** Why a route cannot be compared with a template: one sentence, or none. */
export const incomparable = ({ method, path, templates }: ListedRoute): string[] =>
  templates.length > 0 ? [] : [`${method} ${path} cannot be compared with a template: it has no path of segments`]

/** The routes of one file, read in a process of its own. */
export async function listRoutes(load: LoadOptions): Promise<Listing | Refusal> {
  const loaded = await loadApplication(load)
  return 'message' in loaded ? loaded : listingOf(loaded)
}

/** The routes of an application that is loaded. */
export function listingOf({ app }: Pick<LoadedApplication, 'app'>): Listing {
  const { routes: found, middleware, warnings } = routesOf(app)
  const mounts = [...new Set(middleware.map(({ path }) => path))].filter((path) => path !== '')
  return { routes: found.map(toListed), mounts: mounts.flatMap(templatesOf), warnings }
}

const toListed = ({ method, path, contract, handlers }: RouteInfo): ListedRoute => ({
  method: method?.toUpperCase() ?? 'ALL',
  path: String(path),
  templates: templatesOf(path),
  contract: contract !== undefined,
  handlers,
})

/** None for a path that has no segments to compare: a regular expression, or a path of Express 4. */
function templatesOf(path: string | RegExp): string[] {
  if (typeof path !== 'string') return []
  try {
    return documentPaths(path).map(({ template, parameters }) =>
      parameters
        .filter(({ wildcard }) => wildcard)
        .reduce((text, { name }) => text.replace(`{${name}}`, `{${name}+}`), template),
    )
  } catch {
    return []
  }
}
