import { getBuiltinModule } from '../builtin.ts'
import type { FileRules } from './file-options.ts'

// A part that goes up, with the separators of every system.
const UPWARDS = /(?:^|[\\/])\.\.(?:[\\/]|$)/

/** The place of a path in the file system, or the status of the refusal: 400, 403, 404. */
export function locate(path: string, { root, dotfiles }: FileRules): string | number {
  const { join, normalize, resolve, sep } = getBuiltinModule('node:path')
  if (path.includes('\0')) return 400
  const relative = root !== undefined && path ? normalize(`.${sep}${path}`) : path
  if (UPWARDS.test(relative)) return 403
  const parts = (root === undefined ? normalize(path) : relative).split(sep)
  if (dotfiles !== 'allow' && parts.some((part) => part.length > 1 && part[0] === '.')) {
    return dotfiles === 'deny' ? 403 : 404
  }
  return root === undefined ? resolve(path) : normalize(join(root, relative))
}
