import { type FSWatcher, watch } from 'node:fs'
import { dirname, join } from 'node:path'

/** How long to wait for further changes, in milliseconds: editors write a file in several steps. */
const quietMs = 60

/**
 * Calls back when one of the files changes. Folders are watched, not files, as many editors replace a file by a new one.
 * @param files asked again after each change
 * @param onChange gets the paths that changed; false if the files could not be used, so that a change of any file beside
 * them counts from then on
 * @returns a function that stops watching
 */
export function watchFiles(
  files: () => ReadonlySet<string>,
  onChange: (changed: string[]) => Promise<boolean>,
): () => void {
  const folders = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  let failed = false
  let running = Promise.resolve()
  const paths = new Set<string>()

  const changed = (path: string) => {
    if (!failed && !files().has(path)) return
    paths.add(path)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const batch = [...paths]
      paths.clear()
      // One call after the other: a change during a call leads to another call.
      running = running
        .then(() => onChange(batch))
        .then((good) => {
          failed = !good
          follow(folders, files(), changed)
        })
    }, quietMs)
  }
  follow(folders, files(), changed)
  return () => {
    clearTimeout(timer)
    for (const watcher of folders.values()) watcher.close()
  }
}

/** Watches the folders that the files are in, and no other. */
function follow(folders: Map<string, FSWatcher>, files: ReadonlySet<string>, changed: (path: string) => void): void {
  const wanted = new Set([...files].map((file) => dirname(file)))
  for (const [folder, watcher] of folders) {
    if (wanted.has(folder)) continue
    watcher.close()
    folders.delete(folder)
  }
  for (const folder of wanted) {
    if (folders.has(folder)) continue
    const watcher = watch(folder, (_type, name) => void (name && changed(join(folder, name))))
    // A folder that was removed has no more changes.
    watcher.on('error', () => watcher.close())
    folders.set(folder, watcher)
  }
}
