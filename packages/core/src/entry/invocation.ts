import type { Handle, Invocation } from '../message/handle.ts'
import { type HttpResponse, isChunk } from '../message/message.ts'
import { isPromise } from '../message/promise.ts'

type Store = import('node:async_hooks').AsyncLocalStorage<Invocation>

// One store for the process: each invocation has its own value in it, by its asynchronous context.
let store: Store | undefined

/**
 * Lets everything that runs for a request ask {@link getInvocation} for it, however deep: a logger, a database client.
 * It is an option, as Node's asynchronous context costs a little time for each promise.
 * @example export const handler = toLambdaHandler(withInvocation(app.handle))
 */
export function withInvocation(handle: Handle): Handle {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')
  const invocations = (store ??= new AsyncLocalStorage())
  return (request, invocation) => {
    const answer = invocations.run(invocation, handle, request, invocation)
    return isPromise(answer)
      ? answer.then((response) => keepInvocation(response, invocations, invocation))
      : keepInvocation(answer, invocations, invocation)
  }
}

/**
 * The invocation that the calling code runs for: event, context, source. Undefined outside of an invocation, and
 * if the handle is not {@link withInvocation}.
 * @example const log = (message: string) => console.log(getInvocation()?.context.awsRequestId, message)
 */
export const getInvocation = (): Invocation | undefined => store?.getStore()

// A generator runs in the asynchronous context of the code that asks it for the next chunk.
function keepInvocation(response: HttpResponse, invocations: Store, invocation: Invocation): HttpResponse {
  const { body } = response
  if (body === undefined || isChunk(body)) return response
  const iterate = (): AsyncIterator<Uint8Array | string> => {
    const chunks = body[Symbol.asyncIterator]()
    return {
      next: () => invocations.run(invocation, () => chunks.next()),
      return: () =>
        invocations.run(invocation, () => chunks.return?.() ?? Promise.resolve({ done: true, value: undefined })),
    }
  }
  return { ...response, body: { [Symbol.asyncIterator]: iterate } }
}
