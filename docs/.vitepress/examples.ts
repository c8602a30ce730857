// Makes a page of each example, with the text of its files: quoted blocks and links lead there.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { root, siteLink } from './pages.ts'

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
  '.html': 'html',
  '.sh': 'sh',
  '.toml': 'toml',
}
// Of long generated documents the beginning is shown.
const shownLines = (file: string): number => (file.endsWith('.json') ? 60 : 400)

export function writeExamplePages(): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const files = globSync('*/**/*.*', { cwd: join(root, 'examples'), exclude: ['**/node_modules', '**/dist'] }).sort()
  const examples = Map.groupBy(files, (file) => file.split('/')[0]!)
  for (const [name, paths] of examples) writeFileSync(join(folder, `${name}.md`), page(name, paths))
  writeFileSync(join(folder, 'index.md'), adopted('examples/README.md'))
}

/** The text of a README, with links as the site has them. */
const adopted = (file: string): string =>
  readFileSync(join(root, file), 'utf8').replaceAll(
    /\]\((?!https?:|#)([^)\s]+)\)/g,
    (_, link) => `](${siteLink(file, link)})`,
  )

function page(name: string, paths: string[]): string {
  const parts = paths.flatMap((path) => {
    const known = { ...languages, ...others }[extname(path)]
    if (known === undefined) return []
    // Tests have no colours: half of the build's time would go into theirs.
    const language = path.endsWith('.test.ts') ? 'text' : known
    const text = readFileSync(join(root, 'examples', path), 'utf8').trimEnd()
    const lines = text.split('\n')
    const limit = shownLines(path)
    const shown = lines.length > limit ? `${lines.slice(0, limit).join('\n')}\n…` : text
    // A fence of four marks, as examples may have Markdown in strings.
    return `## ${path.slice(name.length + 1)}\n\n\`\`\`\`${language}\n${shown}\n\`\`\`\`\n`
  })
  const readme = `examples/${name}/README.md`
  const intro = existsSync(join(root, readme)) ? adopted(readme) : `# ${name}\n`
  return `---\nsearch: ${intro.length > 100}\nprev: false\nnext: false\n---\n\n${intro}\n${parts.join('\n')}`
}
