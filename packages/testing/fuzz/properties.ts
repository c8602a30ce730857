import { readdirSync, readFileSync } from 'node:fs'
import { bodyProperties } from './body-properties.ts'
import { eventProperties } from './event-properties.ts'
import { gatewayProperties } from './gateway-properties.ts'
import { parsingProperties } from './parsing-properties.ts'
import { preflightProperties } from './preflight-properties.ts'
import type { Property } from './property.ts'
import { serverProperties } from './server-properties.ts'
import { spaceProperties } from './space-properties.ts'
import { treeProperties } from './tree-properties.ts'

/** All that is searched for a counterexample, in `pnpm test` for a short while, by `pnpm fuzz` for the minutes that it is given. */
export const properties: readonly Property[] = [
  ...eventProperties,
  ...gatewayProperties,
  ...bodyProperties,
  ...parsingProperties,
  ...spaceProperties,
  ...preflightProperties,
  ...treeProperties,
  ...serverProperties,
]

const folder = new URL('cases/', import.meta.url)

/** Counterexamples that were found once, with every property that they are for: the one named, or all whose names begin so. */
export const keptCases: readonly { file: string; property: Property; value: unknown }[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .flatMap((file) => {
    const { property, value } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
    const found = properties.filter(({ name }) => name.startsWith(property))
    if (found.length === 0) throw new TypeError(`cases/${file} is for the property "${property}", which there is not`)
    return found.map((each) => ({ file, property: each, value }))
  })
