import { Router as Index } from '@expressway/core/router'
import { Layer } from './layer.ts'

// Below this, asking each layer is quicker than asking the index. Measured: they meet at about 12.
const SMALL = 12

/**
 * Which layers of a router's stack may match a path, so that a walk of a thousand costs what one of ten does. The stack is
 * everybody's (tools push, splice, sort and replace it), so the index is checked against it and made anew where they differ.
 */
export class StackIndex {
  #index = new Index<unknown>()
  #layers: Layer[] = []

  /** Positions in the stack, ascending, of all layers that match the path and perhaps some that do not; undefined: any. */
  candidates(stack: Layer[], path: string): number[] | undefined {
    if (stack.length < SMALL) return undefined
    if (!this.holds(stack)) this.#build(stack)
    return this.#index.candidates(path)
  }

  holds(stack: Layer[]): boolean {
    const layers = this.#layers
    if (stack.length !== layers.length) return false
    for (let i = 0; i < layers.length; i++) if (stack[i] !== layers[i]) return false
    return true
  }

  #build(stack: Layer[]): void {
    this.#index = new Index()
    this.#layers = stack.slice()
    for (const layer of stack) {
      if (layer instanceof Layer) layer.addTo(this.#index)
      else this.#index.add('/', undefined, { end: false })
    }
  }
}
