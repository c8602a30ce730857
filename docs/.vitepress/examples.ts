// Makes a page of each example, with the text of its files: quoted blocks and links lead there.
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { root } from './pages.ts'

const folder = join(root, 'docs/examples')
const languages: Readonly<Record<string, string>> = {
  '.ts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
}
const others: Readonly<Record<string, string>> = {
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.tf': 'hcl',
  '.py': 'python',
}
// Long generated documents are named, not shown.
const shownLines = 400

export function writeExamplePages(): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const files = globSync('*/**/*.*', { cwd: join(root, 'examples'), exclude: ['**/node_modules', '**/dist'] }).sort()
  const examples = Map.groupBy(files, (file) => file.split('/')[0]!)
  for (const [name, paths] of examples) writeFileSync(join(folder, `${name}.md`), page(name, paths))
  const list = [...examples.keys()].map((name) => `- [${name}](${name}.md)`)
  writeFileSync(
    join(folder, 'index.md'),
    `# Examples\n\nOne topic each. A test runs every one of them.\n\n${list.join('\n')}\n`,
  )
}

function page(name: string, paths: string[]): string {
  const parts = paths.flatMap((path) => {
    const language = { ...languages, ...others }[extname(path)]
    if (language === undefined) return []
    const text = readFileSync(join(root, 'examples', path), 'utf8').trimEnd()
    const lines = text.split('\n')
    const shown = lines.length > shownLines ? `${lines.slice(0, shownLines).join('\n')}\n…` : text
    // A fence of four marks, as examples may have Markdown in strings.
    return `## ${path.slice(name.length + 1)}\n\n\`\`\`\`${language}\n${shown}\n\`\`\`\`\n`
  })
  return `---\nsearch: false\nprev: false\nnext: false\n---\n\n# examples/${name}\n\n${parts.join('\n')}`
}
