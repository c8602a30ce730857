import { formatDuration } from '../../units.ts'
import type { RecordSummary } from '../protocol.ts'
import { element } from './element.ts'

/** Fills a row of the list. */
export function fillRow(row: HTMLElement, summary: RecordSummary): void {
  const { id, at, method, target, status, state, durationMs } = summary
  const isRunning = state === 'running'
  row.id = `invocation-${id}`
  row.className = `row ${tone(summary)}`
  row.replaceChildren(
    element('span', { class: 'status' }, String(status ?? (isRunning ? '…' : 'gone'))),
    element('span', { class: 'method' }, method),
    element('span', { class: 'target', title: target }, target),
    element('span', { class: 'marks' }, marks(summary)),
    element('span', { class: 'duration' }, isRunning ? 'running' : formatDuration(durationMs)),
    element('time', { class: 'at', datetime: new Date(at).toISOString() }, new Date(at).toLocaleTimeString()),
  )
}

/** The id of the invocation that a row shows. */
export const idOf = (row: HTMLElement): number => Number(row.id.slice('invocation-'.length))

function tone({ status, state, failed }: RecordSummary): string {
  if (status === null) return state === 'running' ? 'running' : 'gone'
  if (failed || status >= 500) return 'bad'
  return status >= 400 ? 'poor' : 'good'
}

function marks({ replayOf, warnings }: RecordSummary): string {
  const texts = [
    replayOf !== null && `replay of ${replayOf}`,
    warnings > 0 && `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
  ]
  return texts.filter(Boolean).join(', ')
}
