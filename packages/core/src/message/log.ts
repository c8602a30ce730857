const said = new Set<string>()

/** Warns on the console, each text once in the life of the process: a log line for each request would be a bill. */
export function warnOnce(message: string): void {
  if (said.has(message)) return
  said.add(message)
  console.warn(`expressway: ${message}`)
}
