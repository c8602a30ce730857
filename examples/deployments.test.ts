// Runs the commands that the READMEs of the examples show for a deployment, and loads the bundles that they make.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const here = import.meta.dirname
const command = join(here, '../packages/cli/src/bin.ts')
const esbuild = join(here, 'node_modules/.bin/esbuild')
const folder = mkdtempSync(join(tmpdir(), 'expressway-examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

const examples = globSync('*/template.yaml', { cwd: here })
  .map((file) => file.split('/')[0]!)
  .filter((name) => existsSync(join(here, name, 'README.md')))

describe.each(examples)('%s', (name) => {
  const cwd = join(here, name)
  const readme = readFileSync(join(cwd, 'README.md'), 'utf8')
  const shown = (program: string): string[][] =>
    [...readme.matchAll(new RegExp(`^npx ${program} (.*)$`, 'gm'))].map(([, args]) => args!.split(' '))

  it('has a template that sends what the routes answer', () => {
    const [args] = shown('@expressway/cli routes')
    const options = { cwd, encoding: 'utf8' } as const
    expect(execFileSync(process.execPath, [command, 'routes', ...args!], options)).toMatch(/ the routes agree\.\n$/)
  })

  it('has a bundle with the template’s handler', async () => {
    const [args] = shown('esbuild')
    const elsewhere = args!.map((arg) => arg.replace('--outfile=dist', `--outfile=${join(folder, name)}`))
    execFileSync(esbuild, [...elsewhere, '--log-level=error'], { cwd })
    const [, module, exported] = /Handler: (\w+)\.(\S+)/.exec(readFileSync(join(cwd, 'template.yaml'), 'utf8'))!
    const [file] = globSync(`${module}.{js,mjs,cjs}`, { cwd: join(folder, name) })
    const bundle = await import(pathToFileURL(join(folder, name, file!)).href)
    const handler = exported!.split('.').reduce((value, key) => value[key], bundle)
    expect(handler).toBeTypeOf('function')
  })
})
