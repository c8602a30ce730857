const UNITS: Record<string, number> = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40, pb: 2 ** 50 }

/**
 * A number of bytes as Express's options write it: a number, or `'100kb'`, `'1.5 MB'`; powers of 1024.
 * `null` if it is neither.
 */
export function parseByteSize(value: unknown): number | null {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value
  if (typeof value !== 'string') return null
  const match = /^([-+]?\d+(?:\.\d+)?) *([kmgtp]b)$/i.exec(value)
  const size = match ? Number(match[1]) * UNITS[match[2]!.toLowerCase()]! : Number.parseInt(value, 10)
  return Number.isNaN(size) ? null : Math.floor(size)
}
