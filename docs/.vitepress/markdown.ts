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
  // A block that quotes a file says so in its first line, which becomes a title.
  const fence = md.renderer.rules.fence!
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const token = tokens[at]!
    const quoted = quotation(token.content)
    if (quoted === undefined) return fence(tokens, at, options, env, self)
    token.content = dedent(token.content.slice(token.content.indexOf('\n') + 1))
    const title = md.utils.escapeHtml(quoted.title)
    const link = quoted.file.startsWith('examples/')
      ? `<a class="quoted-file" href="${siteLink('README.md', quoted.file).replace('.md', '')}">${title}</a>`
      : `<span class="quoted-file">${title}</span>`
    return `<div class="quoted">${link}${fence(tokens, at, options, env, self)}</div>`
  }
}

/** The file that a block of code says it is of, and what it says: `// examples/sources/answer.ts returns`. */
export function quotation(code: string): { file: string; title: string } | undefined {
  const [, title, file] = /^(?:\/\/|#) (((?:examples|packages|test|benchmarks)\/\S+)[^\n]*)\n/.exec(code) ?? []
  return title === undefined || file === undefined ? undefined : { file, title }
}

/** A part of a file without the indentation that all of its lines have. */
function dedent(code: string): string {
  const indents = code.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.search(/\S/)]))
  return code.replaceAll(new RegExp(`^ {${Math.min(...indents)}}`, 'gm'), '')
}

/** The text of a page for the search, without colours, which take most of the time. */
export const renderForSearch: DefaultTheme.LocalSearchOptions['_render'] = (text, env, md) => {
  md.options.highlight = null
  const html = md.render(text, env)
  return env.frontmatter?.['search'] === false ? '' : html
}
