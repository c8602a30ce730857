import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LargeMessages } from './large-messages.ts'

const MEGABYTE = 1024 * 1024
const names = ['core', 'shim', 'listener']

let measured: LargeMessages

beforeAll(async () => {
  const program = new URL('large-messages.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program])
  measured = JSON.parse(stdout)
}, 120_000)

describe.each(names)('%s', (name) => {
  it.each(['text', 'bytes'])('answers the largest body of %s with few copies of it', (kind) => {
    const { large, quarter } = measured.echoes.find((each) => each.name === name && each.kind === kind)!
    expect(large.isEqual && quarter.isEqual).toBe(true)
    expect(large.inHandler).toBeLessThan(2 * large.size)
    expect(large.withResult).toBeLessThan(2 * large.size)
    expect(large.copied).toBeLessThanOrEqual(3 * large.size)
    expect(large.copied).toBeLessThanOrEqual(4 * quarter.copied)
  })

  it('streams 1 GB to a slow reader in constant memory', () => {
    const { sent, held, resident } = measured.streams[name]!
    expect(sent).toBeGreaterThanOrEqual(1024 * MEGABYTE)
    expect(held).toBeLessThan(8 * MEGABYTE)
    expect(resident).toBeLessThan(400 * MEGABYTE)
  })
})
