import { setTimeout as pause } from 'node:timers/promises'

/** Stands for the API of a model: the tokens of an answer, one after the other, until the signal comes. */
export async function* complete(prompt: string, signal: AbortSignal): AsyncGenerator<string> {
  for (const token of ['You', ' said: ', ...prompt.split(/(?= )/)]) {
    await pause(5, undefined, { signal })
    yield token
  }
}
