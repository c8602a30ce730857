// The shim under the name `express`, installed by each package manager as docs/porting/alias.md says.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run, tarballs } from './installed.ts'
import { environmentFor, programs } from './managers.ts'
import { type Registry, serve } from './registry.ts'

const folder = mkdtempSync(join(tmpdir(), 'expressway-managers-'))
let registry: Registry

// Middleware that requires Express itself: one names it as a dependency, the other as a peer.
const middleware = {
  'needs-express': { dependencies: { express: '^4.17.0 || ^5.0.0' } },
  'peers-with-express': { peerDependencies: { express: '>=4 <6' } },
}

beforeAll(async () => {
  const packed = [...(await tarballs()).values()]
  for (const [name, needs] of Object.entries(middleware)) {
    const source = join(folder, name, 'package')
    mkdirSync(source, { recursive: true })
    writeFileSync(join(source, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...needs }))
    writeFileSync(join(source, 'index.js'), "module.exports = require('express')\n")
    run('tar', ['-czf', `${name}.tgz`, '-C', name, 'package'], folder)
    packed.push(join(folder, `${name}.tgz`))
  }
  const packages = join(import.meta.dirname, '../../packages')
  const shim = ['content-disposition', 'content-type', 'encodeurl', 'negotiator', 'proxy-addr', 'express-session']
  const core = ['path-to-regexp', '@types/aws-lambda', '@standard-schema/spec']
  registry = await serve(packed, [
    ...shim.map((name) => join(packages, 'express-shim/node_modules', name)),
    ...core.map((name) => join(packages, 'core/node_modules', name)),
  ])
}, 120_000)

afterAll(async () => {
  await registry?.close()
  rmSync(folder, { recursive: true, force: true })
})

const alias = 'npm:@expressway/express-shim@^5.3.0'
const needed = { 'express-session': '^1.18.0', 'needs-express': '^1.0.0', 'peers-with-express': '^1.0.0' }

interface Manager {
  readonly manifest: object
  readonly files?: Readonly<Record<string, string>>
  readonly command: readonly string[]
  /** The command that runs a script within the project. */
  readonly node?: readonly string[]
}

const managers: Readonly<Record<string, Manager>> = {
  npm: {
    manifest: { dependencies: { ...needed, express: alias }, overrides: { express: '$express' } },
    command: ['npm', 'install', '--no-audit', '--no-fund'],
  },
  pnpm: {
    manifest: { dependencies: { ...needed, express: '^5.0.0' } },
    files: { 'pnpm-workspace.yaml': `packages: ['.']\noverrides:\n  express: ${alias}\n` },
    command: ['pnpm', 'install'],
  },
  'Yarn 1': {
    manifest: { dependencies: { ...needed, express: alias }, resolutions: { express: alias } },
    command: [...programs['Yarn 1'], 'install', '--no-lockfile', '--ignore-engines'],
  },
  'Yarn 4, node_modules': {
    manifest: { dependencies: { ...needed, express: alias }, resolutions: { express: alias } },
    files: { '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' },
    command: [...programs['Yarn 4'], 'install'],
  },
  "Yarn 4, Plug'n'Play": {
    manifest: { dependencies: { ...needed, express: alias }, resolutions: { express: alias } },
    files: { '.yarnrc.yml': 'nodeLinker: pnp\n', 'yarn.lock': '' },
    command: [...programs['Yarn 4'], 'install'],
    node: [...programs['Yarn 4'], 'node'],
  },
}

const script = `const express = require('express')
const app = express()
app.use(require('express-session')({ secret: 'x', resave: false, saveUninitialized: true }))
app.get('/', (req, res) => { res.json({ session: typeof req.session.id }) })
const event = { httpMethod: 'GET', path: '/', resource: '/{proxy+}', requestContext: { identity: {} } }
app.handler(event, {}).then(({ body }) => console.log(JSON.stringify({
  version: require('express/package.json').version,
  body,
  dependency: require('needs-express') === express,
  peer: require('peers-with-express') === express,
  view: require('express/lib/view') === app.get('view'),
})))`

it.each(Object.entries(managers))(
  '%s',
  async (name, { manifest, files, command, node = [process.execPath] }) => {
    const project = join(folder, name.replace(/\W/g, ''))
    mkdirSync(project)
    const npmrc = `registry=${registry.url}\n`
    const all = {
      '.npmrc': npmrc,
      'package.json': JSON.stringify({ name: 'project', version: '1.0.0', ...manifest }),
      ...files,
    }
    for (const [path, content] of Object.entries({ ...all, 'main.cjs': script }))
      writeFileSync(join(project, path), content)
    const env = environmentFor(name, folder, registry.url)
    const call = ([program, ...args]: readonly string[]) =>
      promisify(execFile)(program!, args, { cwd: project, env, encoding: 'utf8' }).catch((error) => {
        throw new Error(`${name}: ${error.stdout}\n${error.stderr}`, { cause: error })
      })
    await call(command)
    const { stdout } = await call([...node, 'main.cjs'])
    const { version, body, ...same } = JSON.parse(stdout)
    expect(version).toMatch(/^5\.3\.\d+$/)
    expect(JSON.parse(body)).toEqual({ session: 'string' })
    expect(same).toEqual({ dependency: true, peer: true, view: true })
    // Real Express was not even asked for.
    expect(registry.missing).not.toContain('express')
  },
  120_000,
)
