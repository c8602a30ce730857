// Writes the pages that are made from code: `docs/reference` and `docs/examples`.
import { writeExamplePages } from './examples.ts'
import { writeReference } from './reference.ts'

writeExamplePages()
await writeReference()
