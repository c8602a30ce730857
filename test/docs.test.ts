import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rules } from '../packages/cli/src/doctor/rules.ts'

const root = join(import.meta.dirname, '..')
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md'], { cwd: root, exclude: ['**/node_modules/**'] })

interface Block {
  page: string
  code: string
}

const blocks: Block[] = pages.flatMap((page) =>
  [...text(page).matchAll(/^```(?:ts\n|js\n(?=\/\/ examples\/))([\s\S]*?)^```$/gm)].map(([, code]) => ({
    page,
    code: code!,
  })),
)
/** The file that a block says it is of. */
const sourceOf = ({ code }: Block): string | undefined => /^\/\/ (examples\/\S+)\n/.exec(code)?.[1]
const quoted = blocks.filter((block) => sourceOf(block) !== undefined)

const shortest = (lines: string[]): number =>
  Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)))

/** Lines without the indentation that all of them have. */
function dedent(lines: string[]): string {
  const indent = shortest(lines)
  return lines.map((line) => line.slice(indent)).join('\n')
}

/** Whether the code is in the file: line by line, less its indentation there. */
function isRegion(code: string, file: string): boolean {
  const wanted = dedent(code.trimEnd().split('\n'))
  const lines = text(file).split('\n')
  const height = wanted.split('\n').length
  return lines.some((_, at) => dedent(lines.slice(at, at + height)) === wanted)
}

describe('code in the documentation', () => {
  it.each(quoted.map((block) => [sourceOf(block)!, block.page, block.code] as const))(
    '%s in %s',
    (file, _page, code) => {
      const wanted = code.slice(code.indexOf('\n') + 1)
      expect(existsSync(join(root, file)), file).toBe(true)
      if (!isRegion(wanted, file)) expect(wanted).toBe(text(file))
    },
  )

  // All code on these pages is run by a test.
  it.each([
    'docs/contracts.md',
    'docs/porting.md',
    'docs/testing.md',
    // The starter's shows commands.
    ...globSync('packages/!(create)/README.md', { cwd: root }),
  ])('%s: all of it', (page) => {
    const unmarked = blocks.filter((block) => block.page === page && sourceOf(block) === undefined)
    expect(unmarked.map(({ code }) => code)).toEqual([])
    expect(blocks.some((block) => block.page === page)).toBe(true)
  })

  it('comes from examples that have a test', () => {
    const untested = quoted.filter(
      (block) => globSync('*.test.ts', { cwd: join(root, dirname(sourceOf(block)!)) }).length === 0,
    )
    expect(untested).toEqual([])
  })
})

it.each(pages)('%s: its links lead to files', (page) => {
  const links = [...text(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!)
  const missing = links.filter((link) => !existsSync(join(root, dirname(page), link)))
  expect(missing).toEqual([])
})

it('docs/porting.md names every rule of the doctor', () => {
  const page = text('docs/porting.md')
  expect(Object.keys(rules).filter((rule) => !page.includes(`\`${rule}\``))).toEqual([])
})

it('docs/porting.md shows what the doctor says', () => {
  const cwd = join(root, 'examples/porting')
  const program = join(root, 'packages/cli/src/bin.ts')
  const options = { cwd, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } } as const
  // express-session warns, of its store too, and multer makes its folder.
  const said = execFileSync(process.execPath, [program, 'doctor', 'server.ts'], { ...options, stdio: 'pipe' })
  rmSync(join(cwd, 'uploads'), { recursive: true })
  const [shown] = /(?<=\$ npx @expressway\/cli doctor server\.ts\n)[\s\S]*?(?=```)/.exec(text('docs/porting.md'))!
  const parts = shown.split('…\n')
  expect(parts).toHaveLength(2)
  for (const part of parts) expect(said).toContain(part)
})

it.each(
  [...text('docs/contracts.md').matchAll(/^```text\n\$ npx @expressway\/cli (.*)\n([\s\S]*?)^```$/gm)].map(
    ([, ...shown]) => shown,
  ),
)('docs/contracts.md shows what expressway %s says', (command, shown) => {
  const cwd = join(root, 'examples/contracts')
  const args = [join(root, 'packages/cli/src/bin.ts'), ...command!.split(' ')]
  const { stdout } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  expect(stdout).toBe(shown)
})
