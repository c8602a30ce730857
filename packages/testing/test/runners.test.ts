import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const examples = join(import.meta.dirname, '../../../examples/testing')
const faults = join(import.meta.dirname, 'runners')
const require = createRequire(import.meta.url)
const bin = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file)
const mocha = bin('mocha', 'bin/mocha.js')
const vitest = bin('vitest', 'vitest.mjs')

interface Ended {
  /** The exit status, or undefined if the process had to be killed. */
  code: number | undefined
  output: string
}

/** Runs Node until it ends by itself. A process that something keeps alive is killed after a while. */
function node(cwd: string, ...args: string[]): Promise<Ended> {
  // As on the command line of a person: no marks of the vitest that runs this test.
  const marks = /^(NODE_ENV|NODE_OPTIONS|VITEST.*|TEST|FORCE_COLOR)$/
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !marks.test(name)))
  const options = { cwd, env: { ...env, NO_COLOR: '1' }, timeout: 25_000 }
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined
      resolve({ code, output: stdout + stderr })
    })
  })
}

describe('the examples of docs/guide/testing.md', () => {
  test.each([
    ['mocha, without --exit', [mocha, 'mocha.js'], /2 passing/],
    ['node:test', ['--test', 'node-test.ts'], /pass 1\n/],
    ['node', ['script.ts'], /^\{ id: '7' \}\n$/],
  ])('%s', async (_, args, expected) => {
    const { code, output } = await node(examples, ...args)
    expect(output).toMatch(expected)
    expect(code).toBe(0)
  })
})

describe('failures fail, name their line, and leave nothing that keeps the process alive', () => {
  test.each([
    ['mocha, without --exit', [mocha, 'faults.mjs']],
    ['node:test', ['--test', 'faults.mjs']],
    ['vitest', [vitest, 'run']],
  ])('%s', async (_, args) => {
    const { code, output } = await node(faults, ...args)
    expect(output).toContain('expected 201 "Created", got 200 "OK"')
    expect(output).toContain('No answer to GET / through http-api within 50 ms')
    expect(output).toContain('expected 404 "Not Found", got 200 "OK"')
    expect(output).toMatch(/faults\.mjs:7:/)
    expect(code).toBeGreaterThan(0)
  })

  test('node', async () => {
    const { code, output } = await node(faults, 'script.mjs')
    expect(output).toContain('No answer to GET / through http-api within 50 ms')
    expect(code).toBe(1)
  })
})
