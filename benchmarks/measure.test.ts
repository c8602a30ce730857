import { describe, expect, it } from 'vitest'
import { geometricMean, lowerQuartile, median, pool } from './measure.ts'

describe('median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('leaves the values in their order', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('lower quartile', () => {
  it('is what a quarter of the values does not reach', () => {
    expect(lowerQuartile([9, 1, 5, 3, 7])).toBe(3)
    expect(lowerQuartile([8, 1, 2, 4, 3, 5, 7, 6, 9, 10, 11])).toBe(3)
    expect(lowerQuartile([2])).toBe(2)
    expect(lowerQuartile([])).toBeNaN()
  })
})

it('the geometric mean of a ratio and its inverse is one', () => {
  expect(geometricMean([4, 0.25])).toBeCloseTo(1)
  expect(geometricMean([2, 8])).toBeCloseTo(4)
  expect(geometricMean([])).toBeNaN()
})

it('a pool runs every task, at most so many at once', async () => {
  let running = 0
  let most = 0
  const done: number[] = []
  await pool([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running--
    done.push(item)
  })
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5])
  expect(most).toBe(2)
})
