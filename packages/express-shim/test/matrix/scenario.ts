import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type realExpress from 'express'
import type { Client } from './client.ts'
import type { TargetName } from './targets.ts'

export type Express = typeof realExpress

// biome-ignore lint/suspicious/noExplicitAny: middleware puts members on requests that no type of Express's has.
export type Any = any

/** What the application has besides the module: both sides have to note the same. */
export interface Setup {
  /** Log lines, stored rows, the order of calls: compared with Express's. */
  note(...values: unknown[]): void
  /** Called when the scenario is over: servers and files of its own. */
  after(clean: () => unknown): void
}

/** Gives an application of Express's, or a promise of one. */
export type Build = (express: Express, setup: Setup) => Any

export interface Scenario {
  /** What the README promises. */
  title: string
  build: Build
  /** Speaks to the application and checks what the README says; what is said is compared with Express's besides. */
  talk(client: Client): Promise<void>
  /** Takes random and timed parts out of headers, bodies and notes. */
  normal?(text: string): string
  /** Fields that two servers may differ in here. */
  ignore?: readonly string[]
  /** Where it cannot work, and why: the run fails if it works after all. */
  cannot?: Partial<Record<TargetName, string>>
  /** NODE_ENV; default `test`. */
  env?: string
}

export interface Middleware {
  name: string
  /** Packages whose versions stand in the table; default: the name. */
  packages?: readonly string[]
  scenarios: readonly Scenario[]
  /** What a user should know. */
  note?: string
}

const require = createRequire(import.meta.url)

/** A package as CommonJS applications load it. Most of these have no types of their own. */
export const load = (name: string): Any => require(name)

export function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
