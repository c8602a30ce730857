// What the site does with Markdown beyond VitePress: links between files, and the names of quoted files.
import { relative } from 'node:path'
import type { DefaultTheme, MarkdownRenderer } from 'vitepress'
import { root, siteLink } from './pages.ts'

const relativeLink = /^(?![a-z]+:|\/|#)/i

export function extendMarkdown(md: MarkdownRenderer): void {
  // Pages link to files, so that links work in an editor and in the repository too.
  md.core.ruler.push('expressway-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const link = token.attrGet('href')
      if (link === null || !relativeLink.test(link)) continue
      token.attrSet('href', siteLink(relative(root, env.realPath ?? env.path), link))
    }
  })
  // A block that quotes an example says so in its first line, which becomes a title with a link.
  const fence = md.renderer.rules.fence!
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const token = tokens[at]!
    const [, mark, file] = /^(?:\/\/|#) ((examples\/\S+))\n/.exec(token.content) ?? []
    if (mark === undefined || file === undefined) return fence(tokens, at, options, env, self)
    token.content = token.content.slice(token.content.indexOf('\n') + 1)
    const href = siteLink('README.md', file).replace('.md', '')
    const title = `<a class="quoted-file" href="${href}">${md.utils.escapeHtml(file)}</a>`
    return `<div class="quoted">${title}${fence(tokens, at, options, env, self)}</div>`
  }
}

/** The text of a page for the search, without colours, which take most of the time. */
export const renderForSearch: DefaultTheme.LocalSearchOptions['_render'] = (text, env, md) => {
  md.options.highlight = null
  const html = md.render(text, env)
  return env.frontmatter?.['search'] === false ? '' : html
}
