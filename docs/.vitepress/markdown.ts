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
    const file = quotedFile(token.content)
    if (file === undefined) return fence(tokens, at, options, env, self)
    token.content = dedent(token.content.slice(token.content.indexOf('\n') + 1))
    const name = md.utils.escapeHtml(file)
    const href = file.startsWith('examples/') ? siteLink('README.md', file).replace('.md', '') : undefined
    const title =
      href === undefined
        ? `<span class="quoted-file">${name}</span>`
        : `<a class="quoted-file" href="${href}">${name}</a>`
    return `<div class="quoted">${title}${fence(tokens, at, options, env, self)}</div>`
  }
}

/** The file that a block of code says it is of: `// examples/hello/app.ts`. */
export const quotedFile = (code: string): string | undefined =>
  /^(?:\/\/|#) ((?:examples|packages|test|benchmarks)\/\S+)\n/.exec(code)?.[1]

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
