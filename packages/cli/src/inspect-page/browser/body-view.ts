import { formatBytes } from '../../units.ts'
import type { BodyView, HeaderLines } from '../protocol.ts'
import { type Child, element } from './element.ts'
import { jsonView } from './json-view.ts'

/** How many bytes of an image that came as text (SVG) are put into the page. */
const mostOfImage = 50_000

/** A sentence in place of a body. */
export const note = (text: string): HTMLElement => element('p', { class: 'note' }, text)

/** Text that scrolls, with a label for screen readers. */
export const plainView = (text: string, label: string): HTMLElement =>
  element('pre', { tabindex: '0', role: 'region', 'aria-label': label }, element('code', {}, text))

/** A body by its media type: an image, JSON, text, or base64. */
export function bodyView(body: BodyView, headers: HeaderLines, label: string): Child {
  const { bytes, shown, text, base64 } = body
  if (bytes === 0) return note('No body.')
  const type = mediaType(headers)
  if (type.startsWith('image/') && (base64 !== undefined || shown < mostOfImage)) {
    return [note(formatBytes(bytes)), image(body, type, label)]
  }
  const part = shown < bytes ? `, the first ${formatBytes(shown)} of it shown` : ''
  const kind = text === undefined ? ' as base64' : ''
  const value = type.includes('json') ? parsed(text) : undefined
  const content = value === undefined ? plainView(text ?? base64 ?? '', label) : jsonView(value, label)
  return [note(`${formatBytes(bytes)}${kind}${part}`), content]
}

const mediaType = (headers: HeaderLines): string =>
  headers.findLast(([name]) => name.toLowerCase() === 'content-type')?.[1].toLowerCase() ?? ''

function image({ text = '', base64 }: BodyView, type: string, label: string): HTMLElement {
  const bytes = base64 ?? btoa(String.fromCharCode(...new TextEncoder().encode(text)))
  const src = `data:${type.split(';')[0]};base64,${bytes}`
  return element('img', { src, alt: `${label}: an image`, class: 'picture' })
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
