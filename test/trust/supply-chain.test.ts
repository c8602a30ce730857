// What a user installs with us: few packages, each with its reason, a licence that is fine and no script of its own.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly dependencies?: Record<string, string>
  readonly scripts?: Record<string, string>
}

const root = join(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** Where Node finds a package: the nearest node_modules upwards. */
function find(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    if (folder === dirname(folder)) throw new Error(`${name} is not installed for ${from}`)
  }
}

/** All that is installed for a package in production, by folder. */
function treeOf(folder: string, seen = new Map<string, Manifest>()): Map<string, Manifest> {
  if (seen.has(folder)) return seen
  const manifest = manifestOf(folder)
  seen.set(folder, manifest)
  for (const name of Object.keys(manifest.dependencies ?? {})) treeOf(find(name, folder), seen)
  return seen
}

const packages = ['core', 'express-shim', 'testing', 'cli', 'create'] as const
const page = read('docs/dependencies.md')

describe.each(packages)('@expressway/%s', (name) => {
  const folder = join(root, 'packages', name)
  const tree = [...treeOf(folder).values()].filter((manifest) => !manifest.name.startsWith('@expressway/'))

  it('has a reason for each dependency, and none for what it has not', () => {
    const [, section = ''] = page.split(`## @expressway/${name}\n`)
    const listed = [...section.split('\n## ')[0]!.matchAll(/^\| `([^`]+)` \|/gm)].map(([, each]) => each)
    expect(listed.sort()).toEqual(Object.keys(manifestOf(folder).dependencies ?? {}).sort())
  })

  it('installs under licences that ask for no more than a notice', () => {
    const allowed = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD']
    expect(tree.filter(({ license }) => !allowed.includes(license ?? '')).map((each) => each.name)).toEqual([])
    expect(tree.length).toBeGreaterThan(0)
  })

  it('installs nothing that runs a script', () => {
    const hooks = ['preinstall', 'install', 'postinstall']
    expect(tree.filter(({ scripts }) => hooks.some((hook) => scripts?.[hook])).map((each) => each.name)).toEqual([])
  })

  it('installs few packages', () => {
    const code = tree.filter((manifest) => !/^(@types\/|undici-types$|@standard-schema\/spec$)/.test(manifest.name))
    expect(code.length).toBeLessThanOrEqual({ core: 3, 'express-shim': 8, testing: 40, cli: 40, create: 7 }[name])
  })
})

describe('the lockfile', () => {
  it('has an integrity for every package, and nothing from elsewhere than the registry', () => {
    const resolutions = [...read('pnpm-lock.yaml').matchAll(/^ {4}resolution: (.*)$/gm)].map(([, each]) => each!)
    expect(resolutions.length).toBeGreaterThan(100)
    expect(
      resolutions.filter((each) => !/integrity: sha512-/.test(each) && !/type: (variations|directory)/.test(each)),
    ).toEqual([])
    expect(resolutions.filter((each) => /tarball:|git|https?:/.test(each.replace(/integrity: \S+/g, '')))).toEqual([])
  })

  it('is frozen: pnpm fails rather than resolve anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'expressway-frozen-'))
    try {
      writeFileSync(join(folder, 'package.json'), '{"private":true,"dependencies":{"path-to-regexp":"^8.0.0"}}')
      writeFileSync(join(folder, 'pnpm-lock.yaml'), "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n")
      writeFileSync(join(folder, 'pnpm-workspace.yaml'), 'packages: ["."]\n')
      const result = await promisify(execFile)('pnpm', ['install', '--frozen-lockfile'], { cwd: folder }).catch(
        (error) => error,
      )
      expect(result.code).toBeGreaterThan(0)
      expect(result.stdout + result.stderr).toContain('ERR_PNPM_OUTDATED_LOCKFILE')
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})

describe('workflows', () => {
  const ci = read('.github/workflows/ci.yml')
  const release = read('.github/workflows/release.yml')

  it.each([
    ['ci', ci],
    ['release', release],
  ])('%s installs what the lockfile says', (_name, text) => {
    expect(text).toContain('CI: "true"')
    const installs = text.match(/pnpm install.*/g) ?? []
    expect(installs.length).toBeGreaterThan(0)
    expect(installs.filter((line) => !line.includes('--frozen-lockfile'))).toEqual([])
  })

  it('ci may read, and nothing else', () => {
    expect(ci).toMatch(/^permissions:\n {2}contents: read\n\n/m)
    expect(ci).not.toMatch(/: write|secrets\./)
  })

  it('release tests first, proves where a package comes from, and keeps no npm token', () => {
    expect(release).toMatch(/id-token: write/)
    expect(release).toContain('NPM_CONFIG_PROVENANCE: "true"')
    expect(release).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/)
    expect(release.indexOf('pnpm test')).toBeLessThan(release.indexOf('changeset publish'))
    for (const name of packages) {
      const { publishConfig } = manifestOf(join(root, 'packages', name)) as unknown as { publishConfig: object }
      expect(publishConfig).toMatchObject({ access: 'public', provenance: true })
    }
  })

  it('the packages are released together, the others never', () => {
    const config = JSON.parse(read('.changeset/config.json'))
    expect(config).toMatchObject({ access: 'public', fixed: [packages.map((name) => `@expressway/${name}`)] })
    expect(config.ignore).toEqual(['@expressway/examples', '@expressway/benchmarks', '@expressway/package-tests'])
  })
})
