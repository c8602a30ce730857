// A folder for what several test files share, such as the packed packages. It goes when the run is over.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    scratch: string
  }
}

export default function setUp({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'expressway-scratch-'))
  provide('scratch', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
