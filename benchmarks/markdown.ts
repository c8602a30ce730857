export type Cell = string | number | undefined

/** A table whose first column is text and whose others are figures. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map((cell) => cell ?? '–').join(' | ')} |`
  const rule = headings.map((_, index) => (index === 0 ? '---' : '---:'))
  return [line(headings), line(rule), ...rows.map(line)].join('\n')
}

/** Three significant digits, as more would be noise; thousands whole. */
export function figure(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return Math.abs(value) < 1 ? value.toFixed(2) : String(Number(value.toPrecision(3)))
}

export const times = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '–' : `${figure(value)}×`

export const milliseconds = (microseconds: number): string => figure(microseconds / 1000)
export const kilobytes = (bytes: number): string => figure(bytes / 1000)
export const megabytes = (bytes: number): string => figure(bytes / 1e6)
