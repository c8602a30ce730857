// @ts-nocheck: runs in the browser, whose types the rest of this program must not see.

/** The chosen invocation: what to do with it, and its panels as tabs. */
export function createDetail(element, parts) {
  const side = document.getElementById('detail')
  const names = ['request', 'event', 'result', 'response', 'timing']
  let current = 'request'

  function title(name) {
    return name[0].toUpperCase() + name.slice(1)
  }

  function tab(name, choose) {
    const isCurrent = name === current
    return element(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'aria-selected': String(isCurrent),
        'aria-controls': 'panel',
        tabindex: isCurrent ? '0' : '-1',
        onclick: () => choose(name),
        onkeydown: (event) => moveTab(event, name, choose),
      },
      title(name),
    )
  }

  function moveTab(event, name, choose) {
    const at = names.indexOf(name)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + names.length, Home: 0, End: names.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    choose(names[to % names.length])
    document.getElementById(`tab-${current}`).focus()
  }

  function badges({ gateway, status, streamed, disconnected, bytes, durationMs, state, replayOf }) {
    const texts = [
      status === null ? undefined : `Status ${status}`,
      gateway,
      state === 'running' ? 'running' : parts.time(durationMs),
      parts.size(bytes),
      streamed && 'streamed',
      disconnected && 'the client went away',
      replayOf !== null && `replay of ${replayOf}`,
    ]
    return element(
      'p',
      { class: 'badges' },
      texts.filter(Boolean).map((text) => element('span', { class: 'badge' }, text)),
    )
  }

  function actions({ detail, copy, replay, back }) {
    const button = (text, onclick, disabled, attributes = {}) =>
      element('button', { type: 'button', onclick, disabled, ...attributes }, text)
    return element('div', { class: 'actions', role: 'toolbar', 'aria-label': 'Actions' }, [
      button('Back', back, false, { class: 'back' }),
      button('Copy as curl', () => copy(detail.curl, 'curl command')),
      button('Copy as event', () => copy(JSON.stringify(detail.event, null, 2), 'event'), detail.event === undefined),
      button('Replay', () => replay(detail.id)),
    ])
  }

  function warnings({ warnings: sentences }) {
    if (sentences.length === 0) return undefined
    const items = sentences.map((sentence) => element('li', {}, sentence))
    return element('div', { class: 'warnings', role: 'note', 'aria-label': 'Warnings' }, [
      element('h3', {}, sentences.length === 1 ? 'Warning' : `${sentences.length} warnings`),
      element('ul', {}, items),
    ])
  }

  function show(detail, act) {
    const focused = side.contains(document.activeElement) ? document.activeElement.id : undefined
    const choose = (name) => {
      current = name
      show(detail, act)
    }
    const tabs = element(
      'div',
      { role: 'tablist', 'aria-label': 'Parts' },
      names.map((name) => tab(name, choose)),
    )
    side.replaceChildren(
      actions({ detail, ...act }),
      element(
        'h2',
        { id: 'title', tabindex: '-1' },
        element('span', { class: 'method' }, detail.method),
        ` ${detail.target}`,
      ),
      badges(detail),
      ...[warnings(detail)].filter(Boolean),
      tabs,
      element(
        'div',
        { role: 'tabpanel', id: 'panel', 'aria-labelledby': `tab-${current}` },
        parts.panels[current](detail),
      ),
    )
    if (focused) document.getElementById(focused)?.focus()
  }

  function clear() {
    side.replaceChildren(
      element('p', { class: 'empty' }, 'Choose an invocation to see its request, event, result and response.'),
    )
  }

  return { show, clear, focus: () => document.getElementById('title')?.focus() }
}
