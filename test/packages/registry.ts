// A registry on this machine, which has what this workspace has installed: package managers ask it and nobody else.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** A version of a package; its tarball is made when it is first asked for. */
interface Version {
  readonly manifest: PackageManifest
  readonly content: () => Promise<Buffer>
}

export interface Registry {
  readonly url: string
  /** The packages that were asked for and that it does not have. */
  readonly missing: readonly string[]
  readonly close: () => Promise<void>
}

/**
 * Serves packages and all that they depend on.
 * @param packed files that `pnpm pack` or `npm pack` made.
 * @param folders installed packages, which are packed when they are asked for.
 */
export async function serve(packed: Iterable<string>, folders: readonly string[]): Promise<Registry> {
  // The versions of each package by the names of their tarballs.
  const packages = new Map<string, Map<string, Version>>()
  for (const file of packed) await add(readFileSync(file))
  for (const folder of folders) addInstalled(folder)
  const missing: string[] = []
  const server = createServer(async (req, res) => {
    const [name, tarball] = decodeURIComponent(new URL(req.url!, url()).pathname.slice(1)).split('/-/')
    const versions = packages.get(name!)
    if (!versions) missing.push(name!)
    if (!versions) res.writeHead(404).end('{}')
    else if (tarball) res.end(await versions.get(tarball)!.content())
    else await sendDocument(res, name!, [...versions.values()])
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: url(),
    missing,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  /** What a registry says of a package, as https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md has it. */
  async function sendDocument(res: ServerResponse, name: string, found: readonly Version[]): Promise<void> {
    const versions: Record<string, object> = {}
    for (const { manifest, content } of found) versions[manifest.version] = await withTarball(manifest, await content())
    const latest = Object.keys(versions)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1)!
    const published = '2026-01-01T00:00:00.000Z'
    const time = Object.fromEntries([...Object.keys(versions), 'modified'].map((version) => [version, published]))
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify({ name, 'dist-tags': { latest }, versions, time }))
  }

  function withTarball(manifest: PackageManifest, content: Buffer): object {
    const { name, optionalDependencies = {} } = manifest
    const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`
    const shasum = createHash('sha1').update(content).digest('hex')
    const tarball = `${url()}${name}/-/${tarballOf(manifest)}`
    // What is optional and not installed is for other systems.
    const here = Object.entries(optionalDependencies).filter(([each]) => packages.has(each))
    return { ...manifest, optionalDependencies: Object.fromEntries(here), dist: { tarball, integrity, shasum } }
  }

  async function add(content: Buffer): Promise<void> {
    const manifest = JSON.parse(await tar(['-xzOf', '-', 'package/package.json'], content).then(String))
    addVersion({ manifest, content: async () => content })
  }

  function addVersion(version: Version): void {
    const { manifest } = version
    const versions = packages.get(manifest.name) ?? new Map()
    packages.set(manifest.name, versions.set(tarballOf(manifest), version))
  }

  function addInstalled(link: string): void {
    const folder = realpathSync(link)
    const manifest: PackageManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (packages.get(manifest.name)?.has(tarballOf(manifest))) return
    let packing: Promise<Buffer> | undefined
    addVersion({ manifest, content: () => (packing ??= packFolder(folder)) })
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      const dependency = findModule(folder, name)
      if (dependency) addInstalled(dependency)
    }
  }
}

const tarballOf = ({ name, version }: PackageManifest): string => `${name.split('/').at(-1)}-${version}.tgz`

function packFolder(folder: string): Promise<Buffer> {
  const fast = ['--use-compress-program=gzip -1', '--hard-dereference', '--exclude=./node_modules']
  return tar(['-cf', '-', ...fast, '--transform=s,^\\.,package,', '-C', folder, '.'])
}

/** The nearest `node_modules` that has the package. */
function findModule(from: string, name: string): string | undefined {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const module = join(folder, 'node_modules', name)
    if (existsSync(module)) return module
  }
  return undefined
}

async function tar(args: readonly string[], input?: Buffer): Promise<Buffer> {
  const running = promisify(execFile)('tar', args, { encoding: 'buffer', maxBuffer: 1e9 })
  running.child.stdin!.end(input)
  return (await running).stdout
}
