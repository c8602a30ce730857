import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vitepress'
import { summaryOf, writeForModels } from './llms.ts'
import { extendMarkdown, renderForSearch } from './markdown.ts'
import { nav, notPages, root, sidebar, sitePath } from './pages.ts'

// Pages outside of this folder find Vue as VitePress does.
const vitepress = fileURLToPath(import.meta.resolve('vitepress'))
const vueOfVitePress: Plugin = {
  name: 'vue-of-vitepress',
  enforce: 'pre',
  resolveId(id, _importer, { ssr }) {
    return ssr && /^vue($|\/)/.test(id) ? this.resolve(id, vitepress, { skipSelf: true }) : undefined
  },
}

const description = summaryOf('README.md')

export default defineConfig({
  title: 'Expressway',
  description,
  lang: 'en',
  srcDir: '..',
  srcExclude: notPages,
  rewrites: sitePath,
  cleanUrls: true,
  metaChunk: true,
  vite: {
    publicDir: join(import.meta.dirname, '../public'),
    plugins: [vueOfVitePress],
    // The index of the search is loaded at the first search.
    build: { chunkSizeWarningLimit: 4000 },
  },
  transformPageData(page) {
    const summary =
      page.frontmatter['description'] ?? (page.filePath === 'docs/index.md' ? description : summaryOf(page.filePath))
    return { description: summary }
  },
  transformHead({ pageData: { title, description } }) {
    const meta = {
      'og:site_name': 'Expressway',
      'og:type': 'website',
      'og:title': title,
      'og:description': description,
    }
    return Object.entries(meta).map(([property, content]) => ['meta', { property, content }])
  },
  buildEnd({ outDir }) {
    writeForModels(outDir)
    copyFileSync(join(root, 'LICENSE'), join(outDir, 'license.txt'))
  },
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/logo.svg' }],
    ['meta', { name: 'theme-color', content: '#d9480f' }],
  ],
  markdown: {
    config: extendMarkdown,
    theme: { light: 'github-light-default', dark: 'github-dark-default' },
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: nav(),
    sidebar: sidebar(),
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local', options: { _render: renderForSearch } },
    footer: {
      message:
        '<a href="/llms.txt">llms.txt</a> · <a href="/security">Security</a> · <a href="/license.txt">MIT licence</a>',
    },
    notFound: {
      quote: 'The page may have moved: search for it, or start from the first page.',
      linkText: 'First page',
    },
    docFooter: { prev: 'Previous', next: 'Next' },
  },
})
