import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Name and version of the nearest package.json that is a file's own, or of none. */
export function nearestPackage(file: string): { readonly name?: string; readonly version?: string } {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8'))
    if (folder === dirname(folder)) return {}
  }
}
