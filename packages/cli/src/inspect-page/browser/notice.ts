import { byId } from './element.ts'

/** How long a notice stays, in milliseconds. */
const shownMs = 4000
let timer: number | undefined

/** Shows a sentence at the foot of the page for a while. */
export function say(text: string): void {
  byId('notice').textContent = text
  clearTimeout(timer)
  timer = setTimeout(() => {
    byId('notice').textContent = ''
  }, shownMs)
}

/** Runs an action of the page, and says why it failed if it does. */
export async function attempt(action: () => Promise<unknown>): Promise<void> {
  try {
    await action()
  } catch (error) {
    say((error as Error).message)
  }
}
