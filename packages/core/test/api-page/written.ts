// The files that the command writes, with a few bytes instead of Swagger UI.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

export const script = 'start()'
export const style = 'body{margin:0}'

export function writeAssets(folder: string): void {
  for (const [name, text] of [
    ['swagger-ui.js', script],
    ['swagger-ui.css', style],
  ] as const) {
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text))
    writeFileSync(join(folder, `${name}.gz`), gzipSync(text))
  }
}

/** A new folder in the place for temporary files, and how to remove it. */
export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'expressway-api-page-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
