import type { EventEmitter } from 'node:events'

/** Gives `to` the listeners of `from`; those that listen once do so for each. */
export function copyListeners(from: EventEmitter, to: EventEmitter): void {
  for (const event of from.eventNames()) {
    for (const heard of from.rawListeners(event) as (((...args: unknown[]) => void) & { listener?: () => void })[]) {
      if (heard.listener) to.once(event, heard.listener)
      else to.on(event, heard)
    }
  }
}
