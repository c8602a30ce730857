/** The middle value: half of the values are smaller. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * The value that a quarter of them does not reach: what else the machine does only ever adds to a time, so the lower ones tell
 * more of it. NaN of none.
 */
export function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 4)] ?? Number.NaN
}

/** The mean for ratios. NaN of none. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

/** CPU time that this process has used, in microseconds; of all its threads, garbage collection and compilers included. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** A turn of the event loop, so that work left to it is paid for. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Runs tasks, at most `limit` at once. */
export async function pool<T>(items: readonly T[], limit: number, task: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const run = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await task(item)
  }
  await Promise.all(Array.from({ length: limit }, run))
}
