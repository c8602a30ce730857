// The packages as pnpm installs them: packed, and installed in a folder of their own.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tarballs } from './packages/installed.ts'

/** Installs what `pnpm build` built in the folder, with its dependencies. */
export async function installPacked(folder: string, names: readonly string[]): Promise<void> {
  const files = [...(await tarballs())].filter(([name]) => names.includes(name))
  const dependencies = Object.fromEntries(files.map(([name, file]) => [`@expressway/${name}`, `file:${file}`]))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify({ packages: ['.'], overrides: dependencies }))
  execFileSync('pnpm', ['install', '--prefer-offline'], { cwd: folder, stdio: 'pipe' })
}
