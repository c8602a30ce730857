import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faultsOf } from '../examples/deployment/cloudformation-spec.ts'
import { rules as deploymentRules } from '../packages/cli/src/deploy-check/rules.ts'
import { rules } from '../packages/cli/src/doctor/rules.ts'
import { parseText } from '../packages/cli/src/yaml.ts'

const root = join(import.meta.dirname, '..')
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const pages = globSync(['*.md', 'docs/**/*.md', 'examples/{,*/}README.md', 'packages/*/README.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'docs/{reference,examples}/**'],
})

const porting = globSync('docs/porting/*.md', { cwd: root })
const sources = globSync('docs/sources/*.md', { cwd: root })

interface Block {
  page: string
  code: string
}

const blocks: Block[] = pages.flatMap((page) =>
  [...text(page).matchAll(/^```(?:ts\n|(?:js|yaml|hcl|toml|sh)\n(?=(?:\/\/|#) examples\/))([\s\S]*?)^```$/gm)].map(
    ([, code]) => ({
      page,
      code: code!,
    }),
  ),
)
/** The file that a block says it is of. */
const sourceOf = ({ code }: Block): string | undefined => /^(?:\/\/|#) (examples\/\S+)\n/.exec(code)?.[1]
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
  it.each(globSync(['docs/{start,guide,porting,sources}/*.md', 'docs/faq.md', 'packages/*/README.md'], { cwd: root }))(
    '%s: all of it',
    (page) => {
      const unmarked = blocks.filter((block) => block.page === page && sourceOf(block) === undefined)
      expect(unmarked.map(({ code }) => code)).toEqual([])
    },
  )

  it('comes from examples that have a test', () => {
    const untested = quoted.filter((block) => {
      const [, topic = ''] = sourceOf(block)!.split('/')
      return globSync('*.test.ts', { cwd: join(root, 'examples', topic) }).length === 0
    })
    expect(untested).toEqual([])
  })
})

/** Whether the lines are those of the file, of which a line of `…` stands for some. */
function isShortened(lines: string[], file: string[]): boolean {
  let at = 0
  let skips = false
  for (const line of lines) {
    if (line.trim() === '…') skips = true
    else {
      const found = skips ? file.indexOf(line, at) : at
      if (file[found] !== line) return false
      at = found + 1
      skips = false
    }
  }
  return skips || at === file.length
}

// An event of the fixtures, then what the two examples make of it, or of another one: `answer.ts returns for …json`.
it.each(sources)('%s: its events are fixtures, and the examples see and return what it shows', async (page) => {
  let event: unknown
  for (const [, title, shown] of text(page).matchAll(/^```json\n\/\/ (.*)\n([\s\S]*?)\n```$/gm)) {
    const [file, does, , fixture] = title!.split(' ')
    if (does === undefined) {
      const given = text(file!).trimEnd()
      expect(isShortened(shown!.split('\n'), given.split('\n')), `${file}:\n${shown}`).toBe(true)
      event = JSON.parse(given)
    } else {
      if (fixture) event = JSON.parse(text(fixture))
      const { handler } = (await import(join(root, file!))) as typeof import('../examples/sources/seen.ts')
      const result = (await handler(event, {} as never)) as { body: string }
      expect(JSON.parse(shown!), title).toEqual(does === 'sees' ? JSON.parse(result.body) : result)
    }
  }
})

it('templates of docs/sources and docs/porting have resources and properties that there are', () => {
  const unknown = [...sources, ...porting].flatMap((page) =>
    [...text(page).matchAll(/^```yaml\n(Resources:[\s\S]*?)^```$/gm)].flatMap(([, template]) =>
      faultsOf(parseText(template!, page) as Record<string, unknown>).filter((fault) => / there is no /.test(fault)),
    ),
  )
  expect(unknown).toEqual([])
})

it.each(pages)('%s: its links lead to files', (page) => {
  const links = [...text(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!)
  const missing = links.filter((link) => !existsSync(join(root, dirname(page), link)))
  expect(missing).toEqual([])
})

it('docs/deploy/checks.md lists the rules of deploy-check as they are', () => {
  const row = ([name, { severity, why, fix }]: [string, (typeof deploymentRules)[keyof typeof deploymentRules]]) =>
    `| \`${name}\` | ${severity} | ${why} | ${fix} |`
  const listed = text('docs/deploy/checks.md').match(/^\| `[\w-]+` \| (?:error|warning|hint) \| .*$/gm)
  expect(listed).toEqual(Object.entries(deploymentRules).map(row))
})

it('docs/porting/doctor.md names every rule of the doctor', () => {
  const page = text('docs/porting/doctor.md')
  expect(Object.keys(rules).filter((rule) => !page.includes(`\`${rule}\``))).toEqual([])
})

/** What a page shows of the output of a command: all of it, less what lines of `…` stand for. */
function shownBy(page: string, command: string): string[] {
  const [, shown] = text(page).split(`\n$ npx @expressway/cli ${command}\n`)
  return shown!.slice(0, shown!.indexOf('```')).split('…\n')
}

it.each([
  { page: 'docs/porting/doctor.md', folder: 'examples/porting', file: 'server.ts' },
  { page: 'docs/porting/express-4.md', folder: 'examples/porting-express-4', file: 'before.cjs' },
])('$page shows what the doctor says', ({ page, folder, file }) => {
  const cwd = join(root, folder)
  const program = join(root, 'packages/cli/src/bin.ts')
  const options = { cwd, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } } as const
  // express-session warns, of its store too, as Express 4 does; multer makes its folder.
  const said = execFileSync(process.execPath, [program, 'doctor', file], { ...options, stdio: 'pipe' })
  rmSync(join(cwd, 'uploads'), { recursive: true, force: true })
  for (const part of shownBy(page, `doctor ${file}`)) expect(said).toContain(part)
})

const examplesOf = { 'docs/guide/contracts.md': 'examples/contracts', 'docs/deploy/checks.md': 'examples/deployment' }

it.each(
  Object.entries(examplesOf).flatMap(([page, folder]) =>
    [...text(page).matchAll(/^```text\n\$ npx @expressway\/cli (.*)\n([\s\S]*?)^```$/gm)].map(([, command, shown]) => ({
      page,
      folder,
      command: command!,
      shown: shown!,
    })),
  ),
)('$page shows what expressway $command says', ({ folder, command, shown }) => {
  const args = [join(root, 'packages/cli/src/bin.ts'), ...command.split(' ')]
  const { stdout } = spawnSync(process.execPath, args, { cwd: join(root, folder), encoding: 'utf8' })
  expect(stdout).toBe(shown)
})
