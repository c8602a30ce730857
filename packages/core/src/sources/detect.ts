import type { Source } from '../message/source.ts'
import { alb } from './alb.ts'
import { functionUrl } from './function-url.ts'
import { httpApi, httpApiV1 } from './http-api.ts'
import { restApi } from './rest-api.ts'
import { vpcLattice, vpcLatticeV1 } from './vpc-lattice.ts'

export type SourceName = 'rest-api' | 'http-api' | 'function-url' | 'alb' | 'vpc-lattice'

/** Every event source. An HTTP API's event in format 1.0 is a REST API's with something added, so it is asked first. */
export const sources: readonly Source[] = [httpApi, functionUrl, httpApiV1, restApi, alb, vpcLattice, vpcLatticeV1]

/** The event's source, by what the event is; `undefined` where it is not HTTP. */
export function detectSource(event: unknown, among: readonly Source[] = sources): Source | undefined {
  for (const source of among) if (source.matches(event)) return source
  return undefined
}

/**
 * The sources that an application chose to serve.
 * @throws TypeError where no source has the given name.
 */
export function selectSources(chosen: SourceName | Source | undefined): readonly Source[] {
  if (chosen === undefined) return sources
  const selected = typeof chosen === 'string' ? sources.filter((source) => source.name === chosen) : [chosen]
  if (selected.length > 0) return selected
  const names = [...new Set(sources.map((source) => source.name))].join(', ')
  throw new TypeError(`There is no event source "${String(chosen)}": use ${names}`)
}
