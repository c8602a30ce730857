import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The most bytes of text in a result: Lambda's limit is 6 MB (AWS, "Lambda quotas"). */
const largestText = 6 * 1024 ** 2
/** The most bytes that fit in such a result as base64, which takes 4 characters for 3 bytes. */
export const largestBody = 4.5 * 1024 ** 2

const TEXT = /\.(?:html?|css|m?js|json|map|svg|txt|xml|md|csv)$/i

/** A folder that the application serves. */
export interface StaticFolder {
  readonly root: string
  readonly exists: boolean
  /** Files that no result has room for, with their sizes. */
  readonly tooLarge: readonly { readonly name: string; readonly bytes: number }[]
}

/** Looks for files that no result has room for, in the folder and all folders in it. */
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
