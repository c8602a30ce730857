import type { Source } from '../message/source.ts'
import { alb } from './alb.ts'
import { functionUrl } from './function-url.ts'
import { httpApi, httpApiV1 } from './http-api.ts'
import { restApi } from './rest-api.ts'
import { vpcLattice, vpcLatticeV1 } from './vpc-lattice.ts'

/**
 * Every event source by its name, in the order in which they are asked whose an event is. An HTTP API's event in format 1.0 is a
 * REST API's with something added, so the HTTP API is asked first.
 */
const byName = {
  'function-url': [functionUrl],
  'http-api': [httpApi, httpApiV1],
  'rest-api': [restApi],
  alb: [alb],
  'vpc-lattice': [vpcLattice, vpcLatticeV1],
} as const satisfies Record<string, readonly Source[]>

/** The name of an event source. */
export type SourceName = keyof typeof byName

/** Every event source, in the order in which they are asked. */
export const sources: readonly Source[] = Object.values(byName).flat()

/** The event's source, by what the event is; `undefined` if it is not HTTP. */
export function detectSource(event: unknown, among: readonly Source[] = sources): Source | undefined {
  for (const source of among) if (source.matches(event)) return source
  return undefined
}

/**
 * The sources that an application chose to serve.
 * @throws TypeError if no source has the given name.
 */
export function selectSources(chosen: SourceName | Source | undefined): readonly Source[] {
  if (chosen === undefined) return sources
  if (typeof chosen !== 'string') return [chosen]
  if (Object.hasOwn(byName, chosen)) return byName[chosen]
  throw new TypeError(`There is no event source "${String(chosen)}": use ${Object.keys(byName).join(', ')}`)
}
