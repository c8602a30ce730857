/** Byte positions from 0, both included. */
export interface Range {
  start: number
  end: number
}

/** Byte positions, both included, and the unit that was asked for. */
export interface Ranges extends Array<Range> {
  type: string
}

/**
 * The ranges of a `Range` field for a resource of `size` (RFC 9110, section 14.1.2), in their order.
 * -1 if no range can be satisfied, -2 if the field is malformed.
 */
export function parseRange(size: number, field: string, options?: { combine?: boolean }): Ranges | -1 | -2 {
  const equals = field.indexOf('=')
  if (equals < 0) return -2
  const ranges: Range[] = []
  for (const item of field.slice(equals + 1).split(',')) {
    const range = toRange(item, size)
    if (range === undefined) return -2
    if (range.start >= 0 && range.start <= range.end) ranges.push(range)
  }
  if (ranges.length === 0) return -1
  return Object.assign(options?.combine ? combined(ranges) : ranges, { type: field.slice(0, equals) })
}

function toRange(item: string, size: number): Range | undefined {
  const match = /^(\d*)\s*-\s*(\d*)$/.exec(item.trim())
  if (!match || (!match[1] && !match[2])) return undefined
  const [, first, last] = match
  const start = first ? Number(first) : size - Number(last)
  const end = first && last && !(Number(last) > size - 1) ? Number(last) : size - 1
  // Without a numeric size only a range of two numbers can be judged.
  return Number.isNaN(start + end) ? undefined : { start, end }
}

/** Merges overlapping and adjacent ranges; each stands at the place of its first part. */
function combined(ranges: Range[]): Range[] {
  const merged: { range: Range; place: number }[] = []
  const parts = ranges
    .map((range, place) => ({ range: { ...range }, place }))
    .sort((a, b) => a.range.start - b.range.start)
  for (const part of parts) {
    const before = merged.at(-1)
    if (before === undefined || part.range.start > before.range.end + 1) merged.push(part)
    else if (part.range.end > before.range.end) {
      before.range.end = part.range.end
      before.place = Math.min(before.place, part.place)
    }
  }
  return merged.sort((a, b) => a.place - b.place).map(({ range }) => range)
}
