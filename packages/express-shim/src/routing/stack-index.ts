import { PathIndex } from '@expressway/core/base'
import { Layer } from './layer.ts'

// Below this, asking each layer is quicker than asking the index: measured, 0.3 µs either way.
const SMALL = 16

/**
 * Which layers of a router's stack may match a path, so that a walk of a thousand layers costs as much as one of ten. The stack
 * is public (tools push, splice, sort and replace it), so each walk compares the index with it, which takes half a nanosecond a
 * layer, and rebuilds the index if they differ.
 */
export class StackIndex {
  #index: PathIndex<unknown> | undefined
  #layers: Layer[] = []

  /** Positions in the stack, ascending, of all layers that match the path and perhaps some that do not; undefined: any. */
  candidates(stack: Layer[], path: string): number[] | undefined {
    if (stack.length < SMALL) return undefined
    const known = this.#known(stack)
    if (known < stack.length || known < this.#layers.length) this.#add(stack, known)
    return this.#index!.candidates(path)
  }

  /** How many layers, from the first on, are those of the index. */
  #known(stack: Layer[]): number {
    const layers = this.#layers
    let known = 0
    while (known < layers.length && stack[known] === layers[known]) known++
    return known
  }

  /** Adds the layers after the known ones; rebuilds the index if a known one is gone. */
  #add(stack: Layer[], known: number): void {
    const isStale = !this.#index || known < this.#layers.length
    const index = isStale ? new PathIndex<unknown>() : this.#index!
    // If a layer cannot be added, the next request rebuilds the index.
    this.#index = undefined
    for (const layer of isStale ? stack : stack.slice(known)) {
      if (layer instanceof Layer) layer.addTo(index)
      else index.add('/', undefined, { end: false })
    }
    this.#index = index
    this.#layers = stack.slice()
  }
}
