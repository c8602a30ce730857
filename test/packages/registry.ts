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
  const tarballs = new Map<string, { manifest: PackageManifest; content: Buffer }>()
  for (const file of packed) await add(readFileSync(file))
  for (const folder of folders) await addInstalled(folder)
  const missing: string[] = []
  const server = createServer((req, res) => {
    const [name, tarball] = decodeURIComponent(new URL(req.url!, url()).pathname.slice(1)).split('/-/')
    const found = tarballs.get(name!)
    if (!found) missing.push(name!)
    if (!found) res.writeHead(404).end('{}')
    else if (tarball) res.end(found.content)
    else sendDocument(res, found)
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
  function sendDocument(
    res: ServerResponse,
    { manifest, content }: { manifest: PackageManifest; content: Buffer },
  ): void {
    const { name, version } = manifest
    const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`
    const shasum = createHash('sha1').update(content).digest('hex')
    const tarball = `${url()}${name}/-/${name.split('/').at(-1)}-${version}.tgz`
    const time = { [version]: '2026-01-01T00:00:00.000Z', modified: '2026-01-01T00:00:00.000Z' }
    const versions = { [version]: { ...manifest, dist: { tarball, integrity, shasum } } }
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions, time }))
  }

  async function add(content: Buffer): Promise<void> {
    const manifest = JSON.parse(await tar(['-xzOf', '-', 'package/package.json'], content).then(String))
    tarballs.set(manifest.name, { manifest, content })
  }

  async function addInstalled(link: string): Promise<void> {
    const folder = realpathSync(link)
    const manifest: PackageManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (tarballs.has(manifest.name)) return
    const content = await tar([
      '-czf',
      '-',
      '--hard-dereference',
      '--exclude=./node_modules',
      '--transform=s,^\\.,package,',
      '-C',
      folder,
      '.',
    ])
    tarballs.set(manifest.name, { manifest, content })
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const dependency = findModule(folder, name)
      if (dependency) await addInstalled(dependency)
    }
  }
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
  const running = promisify(execFile)('tar', args, { encoding: 'buffer', maxBuffer: 1e8 })
  running.child.stdin!.end(input)
  return (await running).stdout
}
