import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lambdaContext } from '../../packages/testing/src/context.ts'
import { type LambdaHandler, runHandler } from '../../packages/testing/src/runtime.ts'
import { event, kinds, useFunctions } from './harness.ts'
import type { Runtime } from './runtime-api.ts'

const lambda = useFunctions()

describe.each(kinds)("%s on the wire, byte for byte with the testing package's runtime", (name) => {
  let runtime: Runtime
  let handlers: Record<'handler' | 'streamHandler', LambdaHandler>
  beforeAll(async () => {
    runtime = await lambda.start(`${name}.streamHandler`)
    // As in the runtime's own process: the shim answers without stacks on Lambda.
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'function')
    vi.stubEnv('NODE_ENV', undefined)
    handlers = await import(/* @vite-ignore */ pathToFileURL(join(lambda.folder, `${name}.mjs`)).href)
    vi.unstubAllEnvs()
  })
  afterAll(() => runtime.stop())

  /** As Lambda would have sent it. */
  async function modelled(path: string, body: unknown) {
    const { outcome, finished } = await runHandler(handlers.streamHandler, event(path, body), lambdaContext())
    if (outcome.kind !== 'stream') throw new Error(`it does not stream: ${outcome.kind}`)
    const parts: Uint8Array[] = [Buffer.from(outcome.prelude!), new Uint8Array(8)]
    try {
      for await (const chunk of outcome.chunks) parts.push(chunk)
    } catch {
      // Told by `finished`.
    }
    return { contentType: outcome.contentType, body: Buffer.concat(parts), error: await finished }
  }

  it.each([
    ['/json?name=ada'],
    ['/echo', { text: 'grüß' }],
    ['/bytes'],
    ['/cookies'],
    ['/nothing'],
    ['/gated'],
    ['/throws'],
    ['/late'],
    ['/none'],
  ])('%s', async (path, body?: unknown) => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    for (const gate of ['gated', 'late']) lambda.gates.open(gate)
    const [real, model] = await Promise.all([runtime.invoke(event(path, body)), modelled(path, body)])
    log.mockRestore()
    expect(model.contentType).toBe(real.contentType)
    expect(withoutPaths(model.body)).toBe(withoutPaths(real.body))
    expect([model.error?.errorType, model.error?.errorMessage]).toEqual([
      real.error?.errorType,
      real.error?.errorMessage,
    ])
  })
})

// Express writes the stack into the page outside of production.
const withoutPaths = (body: Buffer): string => body.toString().replace(/&nbsp;.*?(?=<\/pre>)/gs, '')
