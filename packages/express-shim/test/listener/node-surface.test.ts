import { setTimeout as pause } from 'node:timers/promises'
import { type Listener, toHandle } from '@expressway/express-shim/listener'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Answer, type Asked, invocation, onLoopback, toMessage, toWhole } from './answers.ts'
import { type Scenario, scenarios } from './node-surface.ts'

interface Seen {
  answer: Answer | 'no answer'
  log: unknown[]
}

const askedOf = ({ asked }: Scenario): Asked => ({
  path: '/',
  ...asked,
  headers: [...(asked?.headers ?? []), ['Connection', 'keep-alive']],
})

async function onServer(scenario: Scenario): Promise<Seen> {
  const log: unknown[] = []
  const server = await onLoopback((req, res) => void scenario.run(req, res, (entry) => log.push(entry)))
  const answer = await server.ask(askedOf(scenario)).catch(() => 'no answer' as const)
  await pause(30)
  await server.close()
  return { answer, log }
}

async function onBridge(scenario: Scenario): Promise<Seen> {
  const log: unknown[] = []
  const listener: Listener = (req, res) => void scenario.run(req, res, (entry) => log.push(entry))
  const response = await toHandle(listener)(toMessage(askedOf(scenario)), invocation())
  await pause(30)
  // An answer that never comes, a client of a real server sees as a connection reset; here it has a status.
  return { answer: response.status === 502 ? 'no answer' : await toWhole(response), log }
}

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

test.each(Object.entries(scenarios))('%s: as on a real server', async (_name, scenario) => {
  const real = await onServer(scenario)
  expect(await onBridge(scenario)).toEqual(real)
})
