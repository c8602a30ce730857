import { createHash } from 'node:crypto'
import { createDetail } from './detail.ts'
import { createElement } from './element.ts'
import { createJsonView } from './json-view.ts'
import { createList } from './list.ts'
import { markup } from './markup.ts'
import { createParts } from './parts.ts'
import { start } from './start.ts'
import { styles } from './styles.ts'

/**
 * The page's script: functions of this folder as text. Each stands alone and gets the others as arguments, so their text
 * is the same from source, in a bundle and under a test runner.
 */
const script = `'use strict';
const element = (${createElement})()
const json = (${createJsonView})(element)
const parts = (${createParts})(element, json)
const list = (${createList})(element)
const detail = (${createDetail})(element, parts)
;(${start})(list, detail)`

/** One file: it asks nobody else for anything. */
export const page: string = markup
  .replace('/* styles */', () => styles)
  // Inside a script element, `</script` would end it.
  .replace('/* script */', () => script.replaceAll('</script', '<\\/script'))

const inlined = (tag: string): string => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)![1]!
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Only the script and the styles of the page itself; nothing from elsewhere, and no frame around it. */
export const contentSecurityPolicy: string = [
  "default-src 'none'",
  `script-src ${hashOf(inlined('script'))}`,
  `style-src ${hashOf(inlined('style'))}`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
