// Fails the run if a test leaves something in the temporary folder or changes the checkout. The run has a temporary folder of its
// own, so that what other programs do meanwhile does not count.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const prefix = 'expressway-run-'

/** Vitest calls it for each project of the configuration; the first call is for all. */
export default function setup(): (() => void) | undefined {
  if (basename(tmpdir()).startsWith(prefix)) return undefined
  const folder = mkdtempSync(join(realpathSync(tmpdir()), prefix))
  const before = changes()
  process.env.TMPDIR = folder
  return () => {
    const left = readdirSync(folder).filter((name) => !toolsOwn.test(name))
    rmSync(folder, { recursive: true, force: true })
    if (left.length > 0) throw new Error(`The tests left in the temporary folder:\n${left.join('\n')}`)
    const after = changes()
    const changed = [...after].filter((line) => !before.has(line))
    if (changed.length > 0)
      throw new Error(`The checkout changed while the tests ran (git status):\n${changed.join('\n')}`)
  }
}

// Caches of the tools that the tests call.
const toolsOwn = /^(node-compile-cache|v8-compile-cache|jest_|vitest-|tsx-|yarn--)/

function changes(): Set<string> {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe' } as const
    return new Set(execFileSync('git', ['status', '--porcelain'], options).split('\n').filter(Boolean))
  } catch {
    return new Set() // Not a clone: an archive of the sources.
  }
}
