import { type FSWatcher, watch } from 'node:fs'
import { dirname, join } from 'node:path'

/** Editors write a file in several steps. */
const settleMs = 60

/**
 * Calls back when one of the files changes; they may be other files after each call. Folders are watched, not files, for
 * many editors put a new file in the old one's place.
 * @param onChange false where the files could not be used: then any change beside them may mend it
 * @returns a function that ends it
 */
export function watchFiles(files: () => ReadonlySet<string>, onChange: () => Promise<boolean>): () => void {
  const folders = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  let failed = false
  let running = Promise.resolve()

  const changed = (path: string) => {
    if (!failed && !files().has(path)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      // One after the other: a change that comes during a call leads to another.
      running = running.then(onChange).then((good) => {
        failed = !good
        follow(folders, files(), changed)
      })
    }, settleMs)
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
    // A folder that is removed has nothing more to tell.
    watcher.on('error', () => watcher.close())
    folders.set(folder, watcher)
  }
}
