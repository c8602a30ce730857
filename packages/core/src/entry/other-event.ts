import type { LambdaContext } from '../message/handle.ts'
import { describeEvent, isWarmUp } from '../sources/describe-event.ts'
import { detectSource } from '../sources/detect.ts'

/** Handles the events that are not HTTP. What it returns is the invocation's result. */
export type OnOtherEvent = (event: unknown, context: LambdaContext) => unknown

/** The invocation is not an HTTP request of a source that the application serves, and there is no option `onOtherEvent`. */
export class UnsupportedEventError extends Error {
  /** What the event is: `an SQS event`. */
  readonly kind: string

  constructor(event: unknown) {
    const source = detectSource(event)
    const kind = source === undefined ? describeEvent(event) : `an event of ${source.name}`
    super(
      source === undefined
        ? `This is ${kind}, not HTTP: take it with the option onOtherEvent, (event, context) => result`
        : `This is ${kind}, but the option source limits this application to another source`,
    )
    this.name = 'UnsupportedEventError'
    this.kind = kind
  }
}

/**
 * Hands an event that is not HTTP to the application. Without `onOtherEvent` a warm-up ping gets the result `undefined`, and any
 * other event fails the invocation, so that a queue keeps its messages.
 * @throws UnsupportedEventError if there is no `onOtherEvent` and the event is no warm-up ping.
 */
export function takeOtherEvent(event: unknown, context: LambdaContext, onOtherEvent?: OnOtherEvent): unknown {
  if (onOtherEvent !== undefined) return onOtherEvent(event, context)
  if (isWarmUp(event)) return undefined
  throw new UnsupportedEventError(event)
}
