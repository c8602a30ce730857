// The packages as npm would install them: packed, and installed in a folder of their own.
import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const packages = resolve(import.meta.dirname, '../packages')

/** Packs what `pnpm build` built, and installs it with its dependencies in the folder. */
export function installPacked(folder: string, names: readonly string[]): void {
  for (const name of names) {
    execFileSync('pnpm', ['pack', '--pack-destination', folder], { cwd: join(packages, name), stdio: 'pipe' })
  }
  const tarballs = Object.fromEntries(
    readdirSync(folder).map((file) => [`@expressway/${file.replace(/^expressway-|-\d.*$/g, '')}`, `file:./${file}`]),
  )
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: tarballs }))
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify({ packages: ['.'], overrides: tarballs }))
  execFileSync('pnpm', ['install', '--prefer-offline'], { cwd: folder, stdio: 'pipe' })
}
