// Which Markdown files are pages of the site, at which address, and in which order the sidebar names them.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

/** The root of the repository: all paths of pages are relative to it. */
export const root = join(import.meta.dirname, '../..')

export interface Section {
  readonly title: string
  /** Its name in the bar at the top, if it is there. */
  readonly nav?: string
  /** Files or patterns, in the order of the sidebar; the files of a pattern follow each other by name. */
  readonly pages: readonly string[]
}

const within = (folder: string, names: string): string[] => names.split(' ').map((name) => `docs/${folder}/${name}.md`)

/** The sidebar. A page that is not in the list does not appear there: a test names it. */
export const sections: readonly Section[] = [
  { title: 'Start', nav: 'Start', pages: [...within('start', 'new-api port-express create'), 'docs/faq.md'] },
  {
    title: 'Guide',
    nav: 'Guide',
    pages: [
      ...within('guide', 'routing requests answers middleware errors contracts api-page cors binary-and-compression'),
      ...within('guide', 'caching streaming identity existing-handlers express-shim testing testing-options'),
      ...within('guide', 'local-development observability limits'),
    ],
  },
  {
    title: 'Porting',
    nav: 'Porting',
    pages: [
      ...within('porting', 'index express-5 express-4 doctor alias middleware serverless-http serverless-express'),
      ...within('porting', 'fastify-aws-lambda lambda-api raw-handler lambda-web-adapter other-frameworks'),
      ...within('porting', 'powertools-python'),
    ],
  },
  {
    title: 'Event sources',
    nav: 'Sources',
    pages: within('sources', 'index rest-api http-api function-url alb vpc-lattice aws-contracts'),
  },
  {
    title: 'Deploy',
    nav: 'Deploy',
    pages: within('deploy', 'index sam cdk terraform serverless sst zip bundle checks'),
  },
  {
    title: 'API reference',
    nav: 'Reference',
    pages: [
      'docs/reference/index.md',
      ...['core', 'express-shim', 'testing', 'cli'].map((name) => `docs/reference/${name}*.md`),
    ],
  },
  {
    title: 'Packages',
    pages: ['core', 'express-shim', 'testing', 'cli', '*'].map((name) => `packages/${name}/README.md`),
  },
  { title: 'Examples', pages: ['docs/examples/index.md', 'docs/examples/*.md'] },
  {
    title: 'Project',
    pages: [
      'benchmarks/README.md',
      'benchmarks/RESULTS.md',
      'SECURITY.md',
      'docs/threat-model.md',
      'docs/dependencies.md',
      'docs/architecture.md',
      'CONTRIBUTING.md',
    ],
  },
  { title: 'Decisions', pages: ['docs/decisions/*.md'] },
]

/** Markdown files of the repository that are no pages. */
export const notPages = [
  '{AGENTS,README,LICENSE}.md',
  '{.changeset,.github,examples,test,scripts}/**',
  'packages/*/!(README).md',
  'packages/*/*/**',
  'docs/.vitepress/**',
]

/** Every Markdown file that is a page, generated ones too. */
export const pageFiles = (): string[] =>
  globSync(['*.md', 'docs/**/*.md', 'benchmarks/*.md', 'packages/*/README.md'], {
    cwd: root,
    exclude: ['**/node_modules/**', 'AGENTS.md', 'README.md'],
  })

/** The file of the site for a file of the repository: `docs/guide/testing.md` is at `guide/testing.md`. */
export function sitePath(file: string): string {
  if (file === 'benchmarks/README.md') return 'benchmarks/index.md'
  if (file.startsWith('packages/')) return `${dirname(file)}.md`
  if (!file.includes('/')) return file.toLowerCase()
  if (file === 'benchmarks/RESULTS.md') return 'benchmarks/results.md'
  return file.replace(/^docs\//, '')
}

/** The files of a section that exist, in order. */
export function pagesOf({ pages }: Section): string[] {
  const byName = (a: string, b: string): number => (a.replace('.md', '') < b.replace('.md', '') ? -1 : 1)
  return [...new Set(pages.flatMap((pattern) => globSync(pattern, { cwd: root }).sort(byName)))]
}

/** Every page of the sidebar. */
export const listed = (): string[] => sections.flatMap(pagesOf)

/** The text of the first heading, without its marks. */
export function titleOf(file: string): string {
  const heading = /^# (.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? basename(file, '.md')
  return heading.replaceAll(/[`*\\]|<\/?\w+>/g, '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
}

/** The address of a file's page, without the host. */
export const addressOf = (file: string): string => `/${sitePath(file).replace(/(^|(?<=\/))index\.md$|\.md$/, '')}`

interface Item {
  readonly text: string
  readonly link: string
}

/** One sidebar for all pages: the first part is open, and the one that the reader is in. */
export function sidebar(): { text: string; collapsed: boolean; items: Item[] }[] {
  return sections.flatMap((section, at) => {
    const items = pagesOf(section).map((file) => ({ text: titleOf(file), link: addressOf(file) }))
    return items.length === 0 ? [] : [{ text: section.title, collapsed: at > 0, items }]
  })
}

/** The bar at the top: the first page of each part that is named there. */
export function nav(): { text: string; link: string; activeMatch: string }[] {
  return sections.flatMap((section) => {
    const addresses = pagesOf(section).map(addressOf)
    if (section.nav === undefined || addresses.length === 0) return []
    return [{ text: section.nav, link: addresses[0]!, activeMatch: `^(?:${addresses.join('|')})(?:\\.html)?$` }]
  })
}

/**
 * Where a link of a page leads on the site.
 *
 * @param from The file with the link, relative to the root.
 * @param link A path relative to that file, with or without a fragment.
 * @throws Error if the site has no such page.
 */
export function siteLink(from: string, link: string): string {
  const [path = '', fragment] = link.split('#')
  const file = relative(root, join(root, dirname(from), decodeURI(path))).replace(/\/$/, '')
  const hash = fragment === undefined ? '' : `#${fragment}`
  if (file === 'README.md') return '/'
  if (file === 'examples/README.md') return '/examples/'
  if (/^examples\/.*README\.md$/.test(file)) return `/${dirname(file)}.md${hash}`
  if (file.endsWith('.md')) return `/${sitePath(file)}${hash}`
  if (file === 'LICENSE') return '/license.txt'
  const [top, folder, ...rest] = file.split('/')
  if (top === 'examples') {
    if (folder === undefined) return '/examples/'
    return `/examples/${folder}.md${rest.length === 0 ? '' : `#${anchorOf(rest.join('/'))}`}`
  }
  const page = [`${file}/README.md`, `${file}/index.md`].find((name) => existsSync(join(root, name)))
  if (page !== undefined) return `/${sitePath(page)}${hash}`
  throw new Error(`${from} links to ${link}, which is no page of the site: link to a page, or write the path as code`)
}

/** The anchor of a heading that is the name of a file, as VitePress makes it. */
export const anchorOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '-')
