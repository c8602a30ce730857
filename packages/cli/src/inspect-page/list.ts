// @ts-nocheck: runs in the browser, whose types the rest of this program must not see.

/** The list of invocations, newest first: one listbox, moved through with the arrow keys. */
export function createList(element) {
  const box = document.getElementById('list')
  const rows = new Map()
  let visible: Set<number> | undefined
  let selected: number | undefined
  let onSelect = () => {}

  const time = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`)
  const isShown = (id) => visible === undefined || visible.has(id)
  const shownRows = () => [...box.children].filter((row) => !row.hidden)

  function tone({ status, state, failed }) {
    if (status === null) return state === 'running' ? 'running' : 'gone'
    if (failed || status >= 500) return 'bad'
    return status >= 400 ? 'poor' : 'good'
  }

  function fill(row, summary) {
    const { id, at, method, target, status, state, durationMs, warnings, replayOf } = summary
    const marks = [
      replayOf !== null && `replay of ${replayOf}`,
      warnings > 0 && `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    ]
    row.id = `invocation-${id}`
    row.className = `row ${tone(summary)}`
    row.replaceChildren(
      element('span', { class: 'status' }, String(status ?? (state === 'running' ? '…' : 'gone'))),
      element('span', { class: 'method' }, method),
      element('span', { class: 'target', title: target }, target),
      element('span', { class: 'marks' }, marks.filter(Boolean).join(', ')),
      element('span', { class: 'duration' }, state === 'running' ? 'running' : time(durationMs)),
      element('time', { class: 'at', datetime: new Date(at).toISOString() }, new Date(at).toLocaleTimeString()),
    )
  }

  function put(summary) {
    let row = rows.get(summary.id)
    if (row === undefined) {
      row = element('div', { role: 'option', 'aria-selected': 'false', onclick: () => select(summary.id, true) })
      rows.set(summary.id, row)
      box.prepend(row)
      row.hidden = !isShown(summary.id)
      while (rows.size > 200) forget(rows.keys().next().value)
    }
    fill(row, summary)
    note()
  }

  function forget(id) {
    rows.get(id).remove()
    rows.delete(id)
  }

  function note() {
    const count = shownRows().length
    document.getElementById('count').textContent = String(count)
    const empty = document.getElementById('empty')
    empty.hidden = count > 0
    empty.textContent =
      rows.size > 0
        ? 'No invocation has all of these words.'
        : 'Nothing yet. Send a request to this server and it appears here.'
  }

  function select(id, byPerson) {
    rows.get(selected)?.setAttribute('aria-selected', 'false')
    selected = id
    const row = rows.get(id)
    row?.setAttribute('aria-selected', 'true')
    if (row) box.setAttribute('aria-activedescendant', row.id)
    else box.removeAttribute('aria-activedescendant')
    if (byPerson) row?.scrollIntoView({ block: 'nearest' })
    onSelect(id, byPerson)
  }

  box.addEventListener('keydown', (event) => {
    const shown = shownRows()
    const at = shown.indexOf(rows.get(selected))
    const to = {
      ArrowDown: at + 1,
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: shown.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    }[event.key]
    if (to === undefined || shown.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const row = shown[Math.min(Math.max(to, 0), shown.length - 1)]
    select(Number(row.id.slice('invocation-'.length)), true)
  })

  return {
    put,
    select,
    selected: () => selected,
    focus: () => box.focus(),
    has: (id) => rows.has(id),
    newest: () => (rows.size > 0 ? Math.max(...rows.keys()) : undefined),
    whenSelected: (listener) => (onSelect = listener),
    replaceAll(summaries) {
      for (const id of [...rows.keys()]) forget(id)
      for (const summary of summaries) put(summary)
      note()
      if (selected !== undefined) select(rows.has(selected) ? selected : undefined, false)
    },
    /** Shows only these; all of them where there is no search. */
    filter(ids) {
      visible = ids && new Set(ids)
      for (const [id, row] of rows) row.hidden = !isShown(id)
      note()
    },
  }
}
