import type { LambdaError } from '../gateway.ts'

/** Chunks that another process makes, one for each that is asked for. */
export interface RemoteStream {
  readonly chunks: AsyncIterable<Uint8Array>
  push(chunk: Uint8Array): void
  end(error?: LambdaError): void
}

/** `pull` is called for each chunk that is asked for, `stop` if the reader ends before the stream does. */
export function createRemoteStream({ pull, stop }: { pull(): void; stop(): void }): RemoteStream {
  const arrived: Uint8Array[] = []
  let ending: { error?: LambdaError } | undefined
  let wake = () => {}
  async function* read(): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        if (arrived.length === 0 && ending === undefined) {
          const news = new Promise<void>((resolve) => {
            wake = resolve
          })
          pull()
          await news
        }
        const chunk = arrived.shift()
        if (chunk !== undefined) yield chunk
        else if (ending?.error !== undefined) throw toError(ending.error)
        else return
      }
    } finally {
      if (ending === undefined) stop()
    }
  }
  return {
    chunks: read(),
    push(chunk) {
      arrived.push(chunk)
      wake()
    },
    end(error) {
      ending ??= { error }
      wake()
    },
  }
}

/** An error that another process reported, as far as it can be had here. */
export function toError({ errorType, errorMessage, trace }: LambdaError): Error {
  const error = new Error(errorMessage)
  error.name = errorType
  error.stack = trace?.join('\n') ?? ''
  return error
}
