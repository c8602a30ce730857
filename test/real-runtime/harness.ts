import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { functionUrlEvent } from '../../packages/testing/src/events.ts'
import { createFunctionFolder } from './function-folder.ts'
import { type Gates, startGates } from './gates.ts'
import { type Report, type Runtime, startRuntime } from './runtime-api.ts'

// The built packages under AWS's own runtime interface client: what an application on Lambda gets.

export const kinds = ['core', 'shim', 'express']
/** Each kind as an ES module and as CommonJS. */
export const functions = kinds.flatMap((kind) => [kind, `${kind}-commonjs`])

/** Of an invocation that is to reach its deadline. Long enough for the function to begin on a busy machine. */
export const DEADLINE_MS = 1000

export const event = (path: string, body?: unknown) =>
  functionUrlEvent({
    path,
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })

export interface Answer {
  statusCode: number
  headers: Record<string, string>
  cookies?: string[]
  body: string
  isBase64Encoded?: boolean
}

/** The result that was reported as a whole. */
export const result = ({ kind, body }: Report): Answer => {
  expect(kind).toBe('response')
  return JSON.parse(body.toString())
}

/** The parts of a stream: what stands before and after the eight NUL bytes. */
export function streamed({ kind, contentType, body }: Report): Answer {
  expect([kind, contentType]).toEqual(['response', 'application/vnd.awslambda.http-integration-response'])
  const end = body.indexOf(Buffer.alloc(8))
  expect(end).toBeGreaterThan(0)
  return { ...JSON.parse(body.toString('utf8', 0, end)), body: body.toString('utf8', end + 8) }
}

export const header = ({ headers }: Answer, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]

/** Gives the tests of a file a folder of functions, gates and notes. */
export function useFunctions() {
  const work = mkdtempSync(join(tmpdir(), 'expressway-runtime-'))
  const notes = join(work, 'notes')
  const folder = createFunctionFolder(work)
  let gates: Gates

  beforeAll(async () => {
    gates = await startGates()
    // For the same functions in this process.
    Object.assign(process.env, { GATES: gates.url, NOTES: notes })
  })
  afterAll(() => {
    gates.stop()
    rmSync(work, { recursive: true })
  })
  beforeEach(() => {
    writeFileSync(notes, '')
    gates.reset()
  })

  const start = (handler: string, env: Record<string, string> = {}) =>
    startRuntime(folder, handler, { GATES: gates.url, NOTES: notes, ...env })

  return {
    folder,
    /** Opens and watches the places at which functions wait. */
    get gates() {
      return gates
    },
    /** What functions noted in this test. */
    noted: () => readFileSync(notes, 'utf8').split('\n').filter(Boolean),
    start,
    /** Starts the named export of every function, for all tests of the file. */
    startAll(exported: string): ReadonlyMap<string, Runtime> {
      const runtimes = new Map<string, Runtime>()
      beforeAll(async () => {
        await Promise.all(functions.map(async (name) => runtimes.set(name, await start(`${name}.${exported}`))))
      })
      afterAll(() => Promise.all([...runtimes.values()].map((runtime) => runtime.stop())))
      return runtimes
    },
  }
}
