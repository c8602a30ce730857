import type { LambdaContext } from '../message/handle.ts'
import { describeEvent, isWarmUp } from '../sources/describe-event.ts'
import { detectSource } from '../sources/detect.ts'

/** Takes the events that are not HTTP; what it returns is the invocation's result. */
export type OnOtherEvent = (event: unknown, context: LambdaContext) => unknown

/** An invocation that is not HTTP came in, and nothing was given to take it. */
export class UnsupportedEventError extends Error {
  /** What the event is: `an SQS event`. */
  readonly kind: string

  constructor(event: unknown) {
    const source = detectSource(event)
    const kind = source === undefined ? describeEvent(event) : `an event of ${source.name}`
    super(
      source === undefined
        ? `This is ${kind}, not HTTP: take it with the option onOtherEvent, (event, context) => result`
        : `This is ${kind}, and the option source says that the application takes another's alone`,
    )
    this.name = 'UnsupportedEventError'
    this.kind = kind
  }
}

/**
 * Hands an event that is not HTTP to the application. Without a taker a warm-up ping is answered with nothing, and
 * anything else fails the invocation, so that a queue keeps its messages.
 * @throws UnsupportedEventError
 */
export function takeOtherEvent(event: unknown, context: LambdaContext, onOtherEvent?: OnOtherEvent): unknown {
  if (onOtherEvent !== undefined) return onOtherEvent(event, context)
  if (isWarmUp(event)) return undefined
  throw new UnsupportedEventError(event)
}
