import type { RecordSummary } from '../protocol.ts'
import { byId, element } from './element.ts'
import { fillRow, idOf } from './row.ts'

/** Called when an invocation is chosen. `byPerson` is false if the page chose it. */
export type OnSelect = (id: number | undefined, byPerson: boolean) => void

/** The server keeps as many. */
const mostRows = 200

/** The list of invocations, newest first: one listbox that the arrow keys move through. */
export class List {
  readonly #box = byId('list')
  readonly #rows = new Map<number, HTMLElement>()
  readonly #onSelect: OnSelect
  #visible: ReadonlySet<number> | undefined
  #selected: number | undefined

  constructor(onSelect: OnSelect) {
    this.#onSelect = onSelect
    this.#box.addEventListener('keydown', (event) => this.#move(event))
  }

  get selected(): number | undefined {
    return this.#selected
  }

  get newest(): number | undefined {
    return this.#rows.size > 0 ? Math.max(...this.#rows.keys()) : undefined
  }

  focus(): void {
    this.#box.focus()
  }

  /** Adds an invocation, or shows what changed of it. */
  put(summary: RecordSummary): void {
    fillRow(this.#rows.get(summary.id) ?? this.#add(summary.id), summary)
    this.#count()
  }

  replaceAll(summaries: readonly RecordSummary[]): void {
    for (const id of [...this.#rows.keys()]) this.#remove(id)
    for (const summary of summaries) this.put(summary)
    this.#count()
    if (this.#selected !== undefined) this.select(this.#rows.has(this.#selected) ? this.#selected : undefined, false)
  }

  /** Shows only these, or all if there is no search. */
  filter(ids: readonly number[] | undefined): void {
    this.#visible = ids && new Set(ids)
    for (const [id, row] of this.#rows) row.hidden = !this.#isShown(id)
    this.#count()
  }

  select(id: number | undefined, byPerson: boolean): void {
    this.#rowOf(this.#selected)?.setAttribute('aria-selected', 'false')
    this.#selected = id
    const row = this.#rowOf(id)
    row?.setAttribute('aria-selected', 'true')
    if (row) this.#box.setAttribute('aria-activedescendant', row.id)
    else this.#box.removeAttribute('aria-activedescendant')
    if (byPerson) row?.scrollIntoView({ block: 'nearest' })
    this.#onSelect(id, byPerson)
  }

  #add(id: number): HTMLElement {
    const onclick = () => this.select(id, true)
    const row = element('div', { role: 'option', 'aria-selected': 'false', onclick })
    this.#rows.set(id, row)
    this.#box.prepend(row)
    row.hidden = !this.#isShown(id)
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= mostRows) break
      this.#remove(oldest)
    }
    return row
  }

  #remove(id: number): void {
    this.#rowOf(id)?.remove()
    this.#rows.delete(id)
  }

  #rowOf(id: number | undefined): HTMLElement | undefined {
    return id === undefined ? undefined : this.#rows.get(id)
  }

  #isShown(id: number): boolean {
    return this.#visible === undefined || this.#visible.has(id)
  }

  /** The rows that are shown, newest first. */
  #shownRows(): HTMLElement[] {
    return [...this.#rows.values()].filter((row) => !row.hidden).reverse()
  }

  #count(): void {
    const count = this.#shownRows().length
    byId('count').textContent = String(count)
    const empty = byId('empty')
    empty.hidden = count > 0
    empty.textContent =
      this.#rows.size > 0
        ? 'No invocation has all of these words.'
        : 'Nothing yet. Send a request to this server and it appears here.'
  }

  #move(event: KeyboardEvent): void {
    const shown = this.#shownRows()
    const selected = this.#rowOf(this.#selected)
    const at = selected === undefined ? -1 : shown.indexOf(selected)
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: shown.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    }
    const to = moves[event.key]
    if (to === undefined || shown.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    this.select(idOf(shown[Math.min(Math.max(to, 0), shown.length - 1)]!), true)
  }
}
