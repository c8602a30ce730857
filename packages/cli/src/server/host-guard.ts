import { isIP } from 'node:net'

/** Names that only this machine answers to. */
const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i

/** Which names a server answers to. */
export interface HostRules {
  /** The address that the server listens on. */
  readonly host: string
  /** Further names; `*` allows every name. */
  readonly allowHosts?: readonly string[]
}

/**
 * Whether a request's `Host` names this server. A page of another site can have its own name point to this machine (DNS
 * rebinding) and then read answers as if they were its own: its requests carry that name. An address is no name that can be
 * pointed elsewhere, so any is allowed if the server listens on more than the loopback.
 */
export function isOwnHost(field: string, { host, allowHosts = [] }: HostRules): boolean {
  const name = hostName(field)
  if (loopback.test(name) || name === host || name === `[${host}]`) return true
  if (allowHosts.some((allowed) => allowed === '*' || allowed.toLowerCase() === name.toLowerCase())) return true
  return !loopback.test(host) && host !== '::1' && isIP(name.replace(/^\[|\]$/g, '')) !== 0
}

/** The name in a `Host` field, without the port. */
export const hostName = (field: string): string => field.replace(/:\d+$/, '')
