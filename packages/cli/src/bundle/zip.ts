import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { Failure } from '../failure.ts'

/** What Lambda's documentation asks for: everybody may read, and the owner may write. */
const unixMode = 0o100644

/**
 * Zips the files of a folder, so that the same files give the same bytes.
 * @throws Failure if the zip cannot be written
 */
export async function zipFolder(folder: string, target: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const files = paths
    .sort()
    .map(async (path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), await readFile(path)] as const)
  const attributes = { os: 3, attrs: unixMode << 16, mtime: '1980-01-01T12:00:00', level: 9 } as const
  const zip = zipSync(
    Object.fromEntries((await Promise.all(files)).map(([path, bytes]) => [path, [bytes, attributes]])),
  )
  await writeFile(target, zip).catch((error: Error) => {
    throw new Failure(`${target} cannot be written: ${error.message}: name another folder by --out.`)
  })
}
