import { element } from './element.ts'

/** How many characters are shown at first: a browser is slow to paint more. */
const most = 100_000
const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** A value as indented JSON, with keys, strings and literals in colours of their own. */
export function jsonView(value: unknown, label: string): HTMLElement {
  const text = JSON.stringify(value, null, 2) ?? 'undefined'
  const code = element('code')
  const block = element('pre', { tabindex: '0', role: 'region', 'aria-label': label }, code)
  paint(code, text.slice(0, most))
  return text.length <= most ? block : element('div', {}, block, showAllButton(code, text))
}

function paint(code: HTMLElement, text: string): void {
  let from = 0
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match
    const kind = string === undefined ? 'literal' : colon === undefined ? 'string' : 'key'
    const painted = string ?? whole
    code.append(text.slice(from, match.index), element('span', { class: `json-${kind}` }, painted))
    from = match.index + painted.length
  }
  code.append(text.slice(from))
}

function showAllButton(code: HTMLElement, text: string): HTMLElement {
  const onclick = () => {
    code.replaceChildren(text)
    button.remove()
  }
  const button = element('button', { type: 'button', onclick }, `Show all ${text.length} characters`)
  return button
}
