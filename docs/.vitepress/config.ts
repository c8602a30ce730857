import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vitepress'
import { extendMarkdown, renderForSearch } from './markdown.ts'
import { addressOf, notPages, root, sidebar, sitePath } from './pages.ts'

// Pages outside of this folder find Vue as VitePress does.
const vitepress = fileURLToPath(import.meta.resolve('vitepress'))
const vueOfVitePress: Plugin = {
  name: 'vue-of-vitepress',
  enforce: 'pre',
  resolveId(id, _importer, { ssr }) {
    return ssr && /^vue($|\/)/.test(id) ? this.resolve(id, vitepress, { skipSelf: true }) : undefined
  },
}

const description = 'Express-style applications on AWS Lambda, behind every HTTP event source.'

export default defineConfig({
  title: 'Expressway',
  description,
  lang: 'en',
  srcDir: '..',
  srcExclude: notPages,
  rewrites: sitePath,
  cleanUrls: true,
  metaChunk: true,
  vite: { publicDir: join(import.meta.dirname, '../public'), plugins: [vueOfVitePress] },
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/logo.svg' }],
    ['meta', { name: 'theme-color', content: '#d9480f' }],
  ],
  markdown: {
    config: extendMarkdown,
    theme: { light: 'github-light', dark: 'github-dark' },
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: [
      { text: 'Start', link: '/start/new-api', activeMatch: '^/(start|faq)' },
      { text: 'Guide', link: addressOf('docs/guide/contracts.md'), activeMatch: '^/(guide|core)' },
      { text: 'Porting', link: '/porting/', activeMatch: '^/porting/' },
      { text: 'Sources', link: '/sources/aws-contracts', activeMatch: '^/sources/' },
      { text: 'Deploy', link: '/deploy/', activeMatch: '^/deploy/' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
    ],
    sidebar: sidebar(),
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local', options: { _render: renderForSearch } },
    footer: { message: 'MIT licence' },
    docFooter: { prev: 'Previous', next: 'Next' },
  },
})
