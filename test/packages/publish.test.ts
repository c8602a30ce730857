// The first release, as npm would publish it: a dry run of each packed package.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { names, run, tarballs } from './installed.ts'

const root = resolve(import.meta.dirname, '../..')
let packed: Map<string, string>

beforeAll(async () => {
  packed = await tarballs()
}, 120_000)

const manifestOf = (tarball: string) =>
  JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }))

describe.each(names)('@expressway/%s', (name) => {
  it('is published with what its manifest names', () => {
    const tarball = packed.get(name)!
    const args = ['publish', '--dry-run', '--json', '--fetch-retries=0', '--registry=http://127.0.0.1:9/', tarball]
    const { [`@expressway/${name}`]: published } = JSON.parse(run('npm', args, dirname(tarball)))
    const files: string[] = published.files.map(({ path }: { path: string }) => path)
    const { bin, exports, main, types } = manifestOf(tarball)
    expect(published.version).toBe(manifestOf(tarball).version)
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json']))
    for (const target of targetsOf([bin, exports, main, types])) {
      const [before, after = ''] = target.replace('./', '').split('*')
      const matches = files.filter((file) => file.startsWith(before!) && file.endsWith(after))
      expect([target, matches.length > 0]).toEqual([target, true])
    }
  }, 60_000)

  it('depends on versions that a registry knows', () => {
    const { version, dependencies, peerDependencies } = manifestOf(packed.get(name)!)
    for (const range of Object.values({ ...dependencies, ...peerDependencies })) expect(range).toMatch(/^[~^>=]*\d/)
    for (const [dependency, range] of Object.entries(dependencies))
      if (dependency.startsWith('@expressway/')) expect(range).toBe(`^${version}`)
  })

  it('begins its changelog with its version', () => {
    const { version } = manifestOf(packed.get(name)!)
    const changelog = readFileSync(join(root, 'packages', name, 'CHANGELOG.md'), 'utf8')
    expect(/^## (.*)$/m.exec(changelog)![1]).toBe(version)
  })
})

it('every package has the version of the Express that it stands for', () => {
  const express = JSON.parse(readFileSync(join(import.meta.dirname, 'node_modules/express/package.json'), 'utf8'))
  const minor = (version: string) => version.split('.').slice(0, 2).join('.')
  for (const tarball of packed.values()) expect(minor(manifestOf(tarball).version)).toBe(minor(express.version))
})

function targetsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Object.values(value ?? {}).flatMap((each) => targetsOf(each))
}
