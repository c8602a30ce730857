// Writes what language models read: each page as Markdown beside its HTML, a list of them, and all of them in one file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { addressOf, pagesOf, root, sections, siteLink, sitePath, titleOf } from './pages.ts'

/** The first paragraph of a page, as one line without links. */
export function summaryOf(file: string): string {
  const text = textOf(file).replace(/^# .*\n/, '')
  const paragraph = /^(?:[A-Z`*[][^\n|]*\n?)+/m.exec(text.replaceAll(/^```[\s\S]*?^```$/gm, ''))?.[0] ?? ''
  const line = paragraph
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return line.length > 200 ? `${line.slice(0, line.lastIndexOf(' ', 200))} …` : line
}

/** The Markdown of a page, without front matter, components and anchors; an image is what it shows, in words. */
function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/^---\n[\s\S]*?\n---\n+/, '')
    .replaceAll(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/^<\/?[a-zA-Z][^>]*>$|<a id="[^"]*"><\/a> | \{#[^}]+\}$/gm, '')
    .trim()
}

/** A page's text with links as the site has them; code stays as it is. */
function linked(file: string): string {
  const parts = textOf(file).split(/(^(?:`{3,4})[\s\S]*?^`{3,4}$)/m)
  const link = (_: string, path: string) => `](${siteLink(file, path)})`
  return parts
    .map((part) => (part.startsWith('```') ? part : part.replaceAll(/\]\((?!https?:|\/|#|mailto:)([^)\s]+)\)/g, link)))
    .join('')
}

export function writeForModels(out: string): void {
  const all: string[] = []
  const lists = sections.map((section) => {
    const items = pagesOf(section).map((file) => {
      const text = linked(file)
      const path = sitePath(file)
      mkdirSync(dirname(join(out, path)), { recursive: true })
      writeFileSync(join(out, path), `${text}\n`)
      all.push(`<!-- ${addressOf(file)} -->\n\n${text}\n`)
      const summary = summaryOf(file)
      return `- [${titleOf(file)}](/${path})${summary === '' ? '' : `: ${summary}`}`
    })
    return `## ${section.title}\n\n${items.join('\n')}\n`
  })
  const head = `# Expressway\n\n> ${summaryOf('README.md')}\n`
  writeFileSync(join(out, 'llms.txt'), [head, ...lists].join('\n'))
  writeFileSync(join(out, 'llms-full.txt'), [head, ...all].join('\n'))
}
