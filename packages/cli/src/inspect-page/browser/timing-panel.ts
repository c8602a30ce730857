import { formatBytes, formatDuration } from '../../units.ts'
import type { RecordDetail } from '../protocol.ts'
import { type Child, element } from './element.ts'

/** When the answer began and ended, and when each chunk of a stream left. */
export function timingPanel(detail: RecordDetail): Child {
  const { durationMs: total, firstByteMs: first = total, chunks } = detail
  const bars = [
    bar('Until the answer', 0, first, total || 1),
    bar('Sending it', first, Math.max(total, first), total || 1),
  ]
  return [facts(detail), table(bars), chunks.length > 0 && [element('h3', {}, 'Chunks'), table(chunks.map(chunkRow))]]
}

function facts({ at, requestId, request, durationMs }: RecordDetail): HTMLElement {
  const known: [string, string | undefined][] = [
    ['Received', new Date(at).toLocaleString()],
    ['Request id', requestId],
    ['Client', request.sourceIp],
    ['Total', formatDuration(durationMs)],
  ]
  const rows = known.map(([name, value]) => value !== undefined && row(name, element('td', {}, value)))
  return element('table', { class: 'fields' }, element('tbody', {}, rows))
}

const table = (rows: HTMLElement[]): HTMLElement => element('table', { class: 'bars' }, element('tbody', {}, rows))

const row = (label: string, ...cells: HTMLElement[]): HTMLElement =>
  element('tr', {}, element('th', { scope: 'row' }, label), cells)

const number = (text: string): HTMLElement => element('td', { class: 'number' }, text)

/** A part of the whole time; one that is too short to see has half a per cent. */
function bar(label: string, from: number, to: number, total: number): HTMLElement {
  const fill = element('span', { class: 'fill' })
  fill.style.marginInlineStart = `${(from / total) * 100}%`
  fill.style.width = `${Math.max(((to - from) / total) * 100, 0.5)}%`
  return row(label, element('td', { class: 'bar-cell' }, fill), number(formatDuration(to - from)))
}

const chunkRow = ({ atMs, bytes }: { atMs: number; bytes: number }, index: number): HTMLElement =>
  row(`Chunk ${index + 1}`, number(formatBytes(bytes)), number(`at ${formatDuration(atMs)}`))
