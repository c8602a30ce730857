import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Bytes that fit in a result of 6 MB as text, and as base64 with the rest of the JSON. */
const largestText = 6 * 1024 ** 2
export const largestBody = 4.5 * 1024 ** 2

const TEXT = /\.(?:html?|css|m?js|json|map|svg|txt|xml|md|csv)$/i

export const sizeText = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MB`

export interface StaticFolder {
  readonly root: string
  readonly exists: boolean
  /** Files that no result has room for, with their sizes. */
  readonly tooLarge: readonly { readonly name: string; readonly bytes: number }[]
}

export function readStaticFolder(root: string): StaticFolder {
  if (!existsSync(root)) return { root, exists: false, tooLarge: [] }
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = entries.map(({ parentPath, name }) => join(parentPath, name))
  const sized = files.map((path) => ({ name: relative(root, path), bytes: statSync(path).size }))
  return {
    root,
    exists: true,
    tooLarge: sized.filter(({ name, bytes }) => bytes > (TEXT.test(name) ? largestText : largestBody)),
  }
}
