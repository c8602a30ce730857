import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i

/**
 * Why a request may not see the page, or nothing where it may. A page of another site could have its own name point to this
 * machine (DNS rebinding) and read recorded secrets: its requests carry that name as Host.
 * @param host the address that the server was told to listen on
 */
export function refusalOf(message: IncomingMessage, host: string): string | undefined {
  const { host: asked = '', origin, 'sec-fetch-site': site } = message.headers
  const name = asked.replace(/:\d+$/, '')
  if (!isOwnName(name, host)) {
    return `This page is not for the host "${name}": open it by the address that the server prints.`
  }
  if (origin !== undefined && origin !== `http://${asked}`) return `This page answers nothing to ${origin}.`
  if (site === 'cross-site' && message.headers['sec-fetch-mode'] !== 'navigate')
    return 'This page is not for other sites.'
  // What changes something takes a field that other sites cannot set without asking first.
  if (message.method === 'POST' && message.headers['x-expressway'] === undefined) {
    return 'A request that changes something has the header x-expressway.'
  }
  return undefined
}

/** Names that nobody else can make point here; any address is one, if the server was opened to others. */
function isOwnName(name: string, host: string): boolean {
  if (loopback.test(name) || name === host || name === `[${host}]`) return true
  return !loopback.test(host) && host !== '::1' && isIP(name.replace(/^\[|\]$/g, '')) !== 0
}
