import { expectBody } from './body.ts'
import type { Expectation } from './expectation.ts'
import { expectHeader } from './header.ts'
import { expectStatus, expectStatusIn } from './status.ts'

/** The expectations that the arguments of one `.expect()` stand for, by supertest's rules. */
export function toExpectations(args: readonly unknown[]): Expectation[] {
  const [first, second] = args
  if (typeof first === 'function') return [first as Expectation]
  if (typeof first === 'number') {
    const hasBody = args.length > 1 && typeof second !== 'function'
    return hasBody ? [expectStatus(first), expectBody(second)] : [expectStatus(first)]
  }
  if (Array.isArray(first) && first.length > 0 && first.every((one) => typeof one === 'number')) {
    return [expectStatusIn(first)]
  }
  if (typeof second === 'string' || typeof second === 'number' || second instanceof RegExp) {
    return [expectHeader(String(first), second)]
  }
  return [expectBody(first)]
}
