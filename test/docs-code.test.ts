// Code in the documentation that is not quoted from an example: TypeScript is type-checked, the others are parsed.
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { quotation } from '../docs/.vitepress/markdown.ts'
import { commands } from '../packages/cli/src/commands.ts'
import { parseText } from '../packages/cli/src/yaml.ts'

const root = join(import.meta.dirname, '..')
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'benchmarks/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'docs/{reference,examples}/**'],
})

interface Block {
  page: string
  language: string
  code: string
}

const blocks: Block[] = pages
  .flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm)].map(
      ([, language, code]) => ({ page, language: language!, code: code! }),
    ),
  )
  .filter(({ code }) => quotation(code) === undefined)
const of = (...languages: string[]): Block[] => blocks.filter(({ language }) => languages.includes(language))

describe('TypeScript', () => {
  // Below the examples, so that a block may import what an example may.
  const folder = join(root, 'examples/node_modules/.cache/docs-code')
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has no type error', () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const names = of('ts').map(({ page, code }, index) => {
      const name = `${page.replaceAll(/[^a-zA-Z]+/g, '-')}-${index}.ts`
      writeFileSync(join(folder, name), `${code}export {}\n`)
      return name
    })
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        noEmit: true,
        rootDir: root,
        verbatimModuleSyntax: false,
        typeRoots: [join(root, 'node_modules/@types')],
      },
      files: [...names, join(root, 'docs/code.d.ts')],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    let output = ''
    try {
      execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8', cwd: folder })
    } catch (error) {
      output = String((error as { stdout: string }).stdout)
    }
    expect(output).toBe('')
  })
})

const failures = (list: Block[], parse: (code: string) => unknown): string[] =>
  list.flatMap(({ page, code }) => {
    try {
      parse(code)
      return []
    } catch (error) {
      return [`${page}: ${(error as Error).message}`]
    }
  })

it('JSON is JSON', () => {
  // Lines of a log are a value each, and an ellipsis stands for what is left out.
  const parse = (code: string) => {
    const text = code.replaceAll(/,?\s*…/g, '').trim()
    const lines = text.split('\n')
    return lines.every((line) => /^\{.*\}$/.test(line)) ? lines.map((line) => JSON.parse(line)) : JSON.parse(text)
  }
  expect(failures(of('json'), parse)).toEqual([])
})

it('YAML is YAML', () => expect(failures(of('yaml', 'yml'), (code) => parseText(code, 'a block.yaml'))).toEqual([]))

it('JavaScript parses', () => {
  const check = (input: string) =>
    execFileSync(process.execPath, ['--input-type=module', '--check'], { input, stdio: 'pipe' })
  expect(failures(of('js'), check)).toEqual([])
})

describe('commands in shell blocks', () => {
  const lines = of('sh', 'bash').flatMap(({ page, code }) =>
    code
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => ({ page, line: line.replace(/\s#.*$/, '').replace(/^\$ /, '') })),
  )

  it.each(Object.keys(commands))('expressway %s has the flags that they use', async (name) => {
    const { help } = await commands[name]!()
    const known = new Set(help.match(/--[a-z][a-z0-9-]*/g))
    const wrong = lines.flatMap(({ page, line }) => {
      const [, args] = new RegExp(`(?:@expressway/cli|\\bexpressway) ${name}\\b(.*)`).exec(line) ?? []
      const flags = args?.match(/(?<=\s)--[a-z][a-z0-9-]*/g) ?? []
      return flags.filter((flag) => !known.has(flag) && flag !== '--help').map((flag) => `${page}: ${line} has ${flag}`)
    })
    expect(wrong).toEqual([])
  })

  it('name commands that exist', () => {
    const wrong = lines.filter(({ line }) => {
      const [, name] = /(?:npx (?:--yes )?@expressway\/cli|(?:^|npx )expressway) ([a-z-]+)/.exec(line) ?? []
      return name !== undefined && !(name in commands)
    })
    expect(wrong).toEqual([])
  })
})
