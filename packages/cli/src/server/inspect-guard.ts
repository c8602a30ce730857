import type { IncomingMessage } from 'node:http'
import { type HostRules, hostName, isOwnHost } from './host-guard.ts'

/**
 * Why a request may not see the page, or undefined if it may. The page shows recorded secrets, so it is for the server's own
 * address and its own origin only.
 */
export function refusalOf(message: IncomingMessage, rules: HostRules): string | undefined {
  const { host: asked = '', origin, 'sec-fetch-site': site } = message.headers
  if (!isOwnHost(asked, rules)) {
    return `This page is not for the host "${hostName(asked)}": open it by the address that the server prints.`
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
