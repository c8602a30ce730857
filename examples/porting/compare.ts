// Two targets get the same requests behind the same gateways: what is to be the same, and what is not.
import request, { type Response, type Test } from '@expressway/testing'
import { expect, it } from 'vitest'

export type Target = Parameters<typeof request>[0]
type Gateway = NonNullable<NonNullable<Parameters<typeof request>[1]>['gateway']>
export type Ask = (client: ReturnType<typeof request>) => Test

/** One test for each request and gateway, in which both have to give the same answer. */
export function compare(before: Target, after: Target, gateways: readonly Gateway[], asks: Record<string, Ask>) {
  const cases = gateways.flatMap((gateway) => Object.entries(asks).map(([name, ask]) => ({ gateway, name, ask })))
  it.each(cases)('$name, behind $gateway', async ({ gateway, ask }) => {
    const old = await ask(request(before, { gateway })).redirects(0)
    expect(seen(await ask(request(after, { gateway })).redirects(0))).toEqual(seen(old))
  })
}

// What clients depend on. Add the headers that yours read. Some gateways give an empty answer a type.
const seen = ({ status, headers, rawBody }: Response) => ({
  status,
  type: rawBody.length > 0 && headers['content-type'],
  location: headers.location,
  cookies: headers['set-cookie'],
  body: rawBody.toString('latin1'),
})

/** Puts one request to both: for what is meant to differ. */
export const both = (before: Target, after: Target) => async (ask: Ask) => ({
  was: await ask(request(before)),
  is: await ask(request(after)),
})
