/** `9.9 ms`, `15 ms` or `1.23 s`. */
export const formatDuration = (milliseconds: number): string =>
  milliseconds < 1000
    ? `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`

/** `1023 B`, `1.5 KB` or `5.0 MB`, of 1024 each. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kilobytes = bytes / 1024
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`
}
