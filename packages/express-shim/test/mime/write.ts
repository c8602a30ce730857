import { writeFileSync } from 'node:fs'
import { generateMimeTable } from './generate.ts'

// node packages/express-shim/test/mime/write.ts: after an update of mime-db.
const notice = '// Written by test/mime/write.ts from mime-db (MIT licence): a test tells when it is out of date.'
const lines = Object.entries(generateMimeTable()).map(
  ([name, value]) => `export const ${name} =\n  '${value.replaceAll('\n', '\\n')}'`,
)
writeFileSync(new URL('../../src/http/mime-table.ts', import.meta.url), `${[notice, ...lines].join('\n')}\n`)
