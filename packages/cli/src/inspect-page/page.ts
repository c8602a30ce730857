import { createHash } from 'node:crypto'
import { markup } from './markup.ts'
import { script } from './script.ts'
import { styles } from './styles.ts'

/** The page as one file, which loads nothing else. */
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
