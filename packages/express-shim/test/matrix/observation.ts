import realExpress from 'express'
import { expect, test } from 'vitest'
import shimExpress from '../../src/index.ts'
import { type Client, createClient } from './client.ts'
import type { Any, Express } from './scenario.ts'
import { server, type TargetName, targets } from './targets.ts'

/** Notes what a tool saw. */
export type Note = (...values: unknown[]) => void
/** Replaces a member until the observation is over. */
export type Patch = (object: Any, name: string, wrap: (original: Any) => Any) => void
export type PatchGetter = (object: Any, name: string, get: () => unknown) => void

export interface Tool {
  /** Patches the module as the tool does when the module is loaded. */
  patch?(express: Any, wrap: Patch, note: Note, wrapGetter: PatchGetter): void
  build(express: Any, note: Note): Any
  talk(client: Client): Promise<void>
}

/** What a tool saw with a module: patched first, used, and put back. */
async function observed(tool: Tool, express: Express, target: TargetName | 'express'): Promise<unknown[]> {
  const notes: unknown[] = []
  const note: Note = (...values) => void notes.push(values.length === 1 ? values[0] : values)
  const undo: (() => void)[] = []
  const redefine = (object: Any, name: string, descriptor: PropertyDescriptor): void => {
    const before = Object.getOwnPropertyDescriptor(object, name)
    undo.push(() => (before ? Object.defineProperty(object, name, before) : delete object[name]))
    Object.defineProperty(object, name, { configurable: true, enumerable: true, ...descriptor })
  }
  const wrap: Patch = (object, name, wrapper) =>
    redefine(object, name, { writable: true, value: wrapper(object[name]) })
  try {
    tool.patch?.(express, wrap, note, (object, name, get) => redefine(object, name, { get }))
    const { open, streams } = target === 'express' ? server : targets[target]
    const opened = await open(tool.build(express, note))
    await tool.talk(createClient(opened, streams, notes, []))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await opened.close()
    return notes
  } finally {
    for (const back of undo.reverse()) back()
  }
}

const compared: TargetName[] = ['rest-api', 'http-api', 'function-url-stream', 'alb', 'vpc-lattice', 'node']

/** Defines a test: the tool sees of the shim, on a target of each kind, what it sees of Express. */
export function sameFor(name: string, tool: Tool, atLeast: number): void {
  test(name, async () => {
    const expected = await observed(tool, realExpress, 'express')
    expect(expected.length).toBeGreaterThanOrEqual(atLeast)
    for (const target of compared) {
      expect(await observed(tool, shimExpress as Express, target), target).toEqual(expected)
    }
  })
}
