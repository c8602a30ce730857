import { writeFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { generateMimeTable } from './generate.ts'

// node packages/express-shim/test/mime/write.ts: after an update of mime-db.
const { lines, charsets } = generateMimeTable()
const notice = '// Written by test/mime/write.ts from mime-db (MIT licence): a test tells when it is out of date.'
const constants = { MIME_LINES: brotliCompressSync(lines).toString('base64'), MIME_CHARSETS: charsets }
const written = Object.entries(constants).map(([name, value]) => `export const ${name} =\n  '${value}'`)
writeFileSync(new URL('../../src/http/mime-table.ts', import.meta.url), `${[notice, ...written].join('\n')}\n`)
