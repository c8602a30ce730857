/** The calls that both clients have. */
// biome-ignore lint/suspicious/noExplicitAny: the scenarios run on two clients whose types are not each other's
export type AnyClient = any

/** Something to do with a client, the same for every client. */
export interface Scenario {
  name: string
  /** Builds the request, or does several and returns the last. */
  run(client: AnyClient, agent: () => AnyClient): AnyClient
  /** A rule of function URLs that makes the answer another one than a server's own: not compared there. */
  gatewayRule?: string
}

export const scenario = (name: string, run: Scenario['run'], gatewayRule?: string): Scenario => ({
  name,
  run,
  gatewayRule,
})

export const BUFFERED = 'an answer comes whole'
export const UNTYPED = 'an answer without a type is called JSON'
