import { warnOnce } from '../message/log.ts'
import type { BufferedResponse } from '../message/source.ts'

/** Logs once for each gateway that it renames the header with which a server asks for a password. */
export function warnOfChallenge(gateway: 'API Gateway' | 'A function URL', { headers }: BufferedResponse): void {
  if (headers['www-authenticate'] === undefined) return
  warnOnce(
    `${gateway} renames www-authenticate to x-amzn-remapped-www-authenticate, so browsers do not ask for a password`,
  )
}
