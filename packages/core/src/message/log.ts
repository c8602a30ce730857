const said = new Set<string>()

/** Warns on the console, each text once in a process: log lines cost money, and a warning for each request would be many. */
export function warnOnce(message: string): void {
  if (said.has(message)) return
  said.add(message)
  console.warn(`expressway: ${message}`)
}
