// Writes the reference of the packages' public entries from their docstrings, with TypeDoc.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Application, Converter, LogLevel, type PageEvent, type ProjectReflection } from 'typedoc'
import { MarkdownPageEvent, type PluginOptions } from 'typedoc-plugin-markdown'
import { root } from './pages.ts'

const packages = ['core', 'express-shim', 'testing', 'cli']
const out = join(root, 'docs/reference')

interface Entry {
  /** As it is imported: `@expressway/core/openapi`. */
  readonly specifier: string
  /** Of its page: `core-openapi`. */
  readonly slug: string
  /** Its source, without the ending: `core/src/openapi`. */
  readonly source: string
}

/** What the packages export, as their manifests say, without the names that only stand in for Express's own files. */
function entries(): Entry[] {
  return packages.flatMap((name) => {
    const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
    return Object.entries<string>(exports)
      .filter(([entry, file]) => /\.tsx?$/.test(file) && !/^\.\/(lib\/|run-handler)/.test(entry))
      .map(([entry, file]) => {
        const specifier = join('@expressway', name, entry)
        const slug = join(name, entry).replaceAll('/', '-')
        return { specifier, slug, source: join(name, file).replace(/\.tsx?$/, '') }
      })
  })
}

const options: PluginOptions = {
  out,
  router: 'module',
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  useCustomAnchors: true,
  useHTMLEncodedBrackets: true,
  sanitizeComments: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
  typeDeclarationVisibility: 'compact',
  tableColumnSettings: {
    hideSources: true,
    hideModifiers: true,
    hideDefaults: true,
    hideInherited: true,
    hideOverrides: true,
  },
} as PluginOptions

/**
 * Writes `docs/reference`.
 * @throws Error if an export or a method has no docstring, or a docstring names a symbol that the reference does not have.
 */
export async function writeReference(): Promise<void> {
  const all = entries()
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: all.map(({ source }) => join(root, 'packages', `${source}.ts`)),
    tsconfig: join(root, 'docs/tsconfig.json'),
    readme: 'none',
    disableSources: true,
    disableGit: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    // `pnpm types` checks them.
    skipErrorChecking: true,
    logLevel: LogLevel.Warn,
    validation: { notDocumented: true, invalidLink: true, notExported: false },
    requiredToBeDocumented: ['Enum', 'Variable', 'Function', 'Class', 'Interface', 'TypeAlias'],
    // Members of the default export have the docstrings of the named exports.
    intentionallyNotDocumented: [
      'testing.TestAgent.__type',
      ...['fetchOf', 'fromCurl', 'listener'].map((name) => `testing.default.__type.${name}`),
    ],
    packagesRequiringDocumentation: packages.map((name) => `@expressway/${name}`),
    kindSortOrder: ['Function', 'Class', 'Variable', 'Interface', 'TypeAlias'],
    groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases', 'References'],
    ...options,
  })
  const slugOf = new Map(all.map(({ slug, source }) => [source.replace(/\/index$/, ''), slug]))
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }: { project: ProjectReflection }) => {
    for (const module of project.children ?? []) module.name = slugOf.get(module.name) ?? module.name
  })
  const summaries = new Map<string, string>()
  app.renderer.on(MarkdownPageEvent.END, (page: PageEvent) => {
    const entry = all.find(({ slug }) => page.url === `${slug}.md`)
    if (entry === undefined || page.contents === undefined) return
    page.contents = page.contents
      .replace(/^# .*$/m, `# ${entry.specifier}`)
      .replaceAll(/\n###### Returns\n\n`void`\n/g, '')
    summaries.set(entry.slug, /^# .*\n\n(.*)$/m.exec(page.contents)?.[1] ?? '')
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('TypeDoc could not read the packages')
  app.validate(project)
  rmSync(out, { recursive: true, force: true })
  await app.generateOutputs(project)
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc names docstrings to mend')
  const rows = all.map(({ specifier, slug }) => `| [\`${specifier}\`](${slug}.md) | ${summaries.get(slug)} |`)
  writeFileSync(
    join(out, 'index.md'),
    `# API reference\n\nEach entry of the packages, from its docstrings.\n\n| import | what it has |\n| --- | --- |\n${rows.join('\n')}\n`,
  )
}
