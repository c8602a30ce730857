// Runs the commands that the READMEs of the examples show for a deployment, and loads the bundles that they make.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const here = import.meta.dirname
const program = join(here, '../packages/cli/src/bin.ts')
const esbuild = join(here, 'node_modules/.bin/esbuild')
const folder = mkdtempSync(join(tmpdir(), 'expressway-examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

const examples = globSync('*/template.yaml', { cwd: here })
  .map(dirname)
  .filter((name) => existsSync(join(here, name, 'README.md')))

describe.each(examples)('%s', (name) => {
  const cwd = join(here, name)
  const readme = readFileSync(join(cwd, 'README.md'), 'utf8')

  /** Runs the README's line that begins with a command, with the program that stands for it. */
  function run(command: string, stand: string): string {
    const [line] = readme.split('\n').filter((each) => each.startsWith(`npx ${command} `))
    const words = line!
      .replace(`npx ${command}`, stand)
      .replace(' --sourcemap', '')
      .replace(/\bdist\//, `${folder}/${name}/`)
    return execFileSync('sh', ['-c', words], { cwd, encoding: 'utf8', stdio: 'pipe' })
  }

  it('has a bundle with the template’s handler', async () => {
    run('esbuild', esbuild)
    const [, module, path] = /Handler: (\w+)\.(\S+)/.exec(readFileSync(join(cwd, 'template.yaml'), 'utf8'))!
    const [file] = globSync(`${module}.{js,mjs,cjs}`, { cwd: join(folder, name) })
    const bundle = await import(pathToFileURL(join(folder, name, file!)).href)
    const handler = path!.split('.').reduce((value, key) => value[key], bundle)
    expect(handler).toBeTypeOf('function')
  })

  it('has a template that sends what the routes answer', () => {
    const command = '@expressway/cli routes'
    expect(run(command, `${process.execPath} ${program} routes`)).toMatch(/ the routes agree\.\n$/)
  })
})
