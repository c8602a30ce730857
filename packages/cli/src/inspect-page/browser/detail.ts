import { formatBytes, formatDuration } from '../../units.ts'
import type { RecordDetail } from '../protocol.ts'
import { byId, element } from './element.ts'
import { panels } from './panels.ts'
import { tabList } from './tabs.ts'

/** What the buttons above an invocation do. */
export interface Actions {
  copy(text: string, what: string): void
  replay(id: number): void
  back(): void
}

const side = byId('detail')
let current = 'request'

/** Shows an invocation beside the list; the chosen tab stays chosen, and what had the focus keeps it. */
export function showDetail(detail: RecordDetail, actions: Actions): void {
  const focused = side.contains(document.activeElement) ? document.activeElement?.id : undefined
  const choose = (name: string) => {
    current = name
    showDetail(detail, actions)
  }
  side.replaceChildren(
    toolbar(detail, actions),
    title(detail),
    badges(detail),
    ...warnings(detail.warnings),
    tabList({ names: Object.keys(panels), current, choose }),
    element('div', { role: 'tabpanel', id: 'panel', 'aria-labelledby': `tab-${current}` }, panels[current]?.(detail)),
  )
  if (focused) document.getElementById(focused)?.focus()
}

/** Shows that no invocation is chosen. */
export function clearDetail(): void {
  const text = 'Choose an invocation to see its request, event, result and response.'
  side.replaceChildren(element('p', { class: 'empty' }, text))
}

/** Moves the focus to the title of the invocation that is shown. */
export const focusDetail = (): void => document.getElementById('title')?.focus()

function toolbar(detail: RecordDetail, { copy, replay, back }: Actions): HTMLElement {
  const button = (text: string, onclick: () => void, attributes = {}) =>
    element('button', { type: 'button', onclick, ...attributes }, text)
  const event = JSON.stringify(detail.event, null, 2)
  return element('div', { class: 'actions', role: 'toolbar', 'aria-label': 'Actions' }, [
    button('Back', back, { class: 'back' }),
    button('Copy as curl', () => copy(detail.curl, 'curl command')),
    button('Copy as event', () => copy(event, 'event'), { disabled: detail.event === undefined }),
    button('Replay', () => replay(detail.id)),
  ])
}

const title = ({ method, target }: RecordDetail): HTMLElement =>
  element('h2', { id: 'title', tabindex: '-1' }, element('span', { class: 'method' }, method), ` ${target}`)

function badges({ gateway, status, streamed, disconnected, bytes, durationMs, state, replayOf }: RecordDetail) {
  const texts = [
    status !== null && `Status ${status}`,
    gateway,
    state === 'running' ? 'running' : formatDuration(durationMs),
    formatBytes(bytes),
    streamed && 'streamed',
    disconnected && 'the client went away',
    replayOf !== null && `replay of ${replayOf}`,
  ]
  return element(
    'p',
    { class: 'badges' },
    texts.map((text) => text && element('span', { class: 'badge' }, text)),
  )
}

function warnings(sentences: string[]): HTMLElement[] {
  if (sentences.length === 0) return []
  const items = sentences.map((sentence) => element('li', {}, sentence))
  return [
    element('div', { class: 'warnings', role: 'note', 'aria-label': 'Warnings' }, [
      element('h3', {}, sentences.length === 1 ? 'Warning' : `${sentences.length} warnings`),
      element('ul', {}, items),
    ]),
  ]
}
