import { readdirSync, readFileSync } from 'node:fs'
import { bodyProperties } from './body-properties.ts'
import { eventProperties } from './event-properties.ts'
import { gatewayProperties } from './gateway-properties.ts'
import { parsingProperties } from './parsing-properties.ts'
import type { Property } from './property.ts'

/** All that is searched for a counterexample, in `pnpm test` for a short while, by `pnpm fuzz` for as long as it is told. */
export const properties: readonly Property[] = [
  ...eventProperties,
  ...gatewayProperties,
  ...bodyProperties,
  ...parsingProperties,
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
