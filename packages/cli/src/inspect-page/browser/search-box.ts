import { byId } from './element.ts'

/** How long the page waits for the next key before it searches, in milliseconds. */
const typingMs = 120

/** The field for words to search for. */
export class SearchBox {
  readonly #input = byId('search') as HTMLInputElement
  readonly #find: (words: string) => void
  #timer: number | undefined

  /**
   * @param find called with the words a moment after they changed
   * @param leave called when the arrow key leads from the field into the list
   */
  constructor(find: (words: string) => void, leave: () => void) {
    this.#find = find
    this.#input.addEventListener('input', () => this.#findSoon())
    this.#input.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown') {
        event.preventDefault()
        leave()
      } else if (event.key === 'Escape') {
        this.#input.value = ''
        this.#findSoon()
      }
    })
  }

  focus(): void {
    this.#input.focus()
  }

  /** Searches again, if there are words, as the invocations changed. */
  refresh(): void {
    if (this.#input.value !== '') this.#findSoon()
  }

  #findSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#find(this.#input.value.trim()), typingMs)
  }
}
