// @ts-nocheck: runs in the browser, whose types the rest of this program must not see.

/** Shows a value as indented JSON, with its kinds of tokens told apart. */
export function createJsonView(element) {
  const most = 100_000
  const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

  function paint(code, text) {
    let from = 0
    for (const match of text.matchAll(token)) {
      const kind = match[1] === undefined ? 'literal' : match[2] === undefined ? 'string' : 'key'
      const shown = match[1] ?? match[0]
      code.append(text.slice(from, match.index), element('span', { class: `json-${kind}` }, shown))
      from = match.index + shown.length
    }
    code.append(text.slice(from))
  }

  return (value, label) => {
    const text = JSON.stringify(value, null, 2) ?? 'undefined'
    const code = element('code', {})
    const block = element('pre', { tabindex: '0', role: 'region', 'aria-label': label }, code)
    paint(code, text.slice(0, most))
    if (text.length <= most) return block
    const showAll = () => {
      code.replaceChildren(text)
      more.remove()
    }
    const more = element('button', { type: 'button', onclick: showAll }, `Show all ${text.length} characters`)
    return element('div', {}, block, more)
  }
}
