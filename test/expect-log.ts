/** What the tests of a file print, and what of it they expect. */
class Messages {
  private printed: { readonly by: string; readonly text: string }[] = []
  private expected: { readonly pattern: RegExp; readonly atLeastOnce: boolean }[] = []

  add(by: string, text: string): void {
    // execFileSync passes its command's standard error on, also if that is empty.
    if (text !== '') this.printed.push({ by, text })
  }

  expect(pattern: RegExp, atLeastOnce: boolean): void {
    this.expected.push({ pattern, atLeastOnce })
  }

  /** Called after each test. @throws Error if something unexpected was printed, or something expected was not. */
  check(): void {
    const { printed, expected } = this
    this.printed = []
    this.expected = []
    const unexpected = printed.filter(({ text }) => !expected.some(({ pattern }) => pattern.test(text)))
    if (unexpected.length > 0) {
      const list = unexpected.map(({ by, text }) => `${by}: ${text}`).join('\n')
      throw new Error(`The test printed what it does not expect; see expectLog() in test/expect-log.ts:\n${list}`)
    }
    const absent = expected.filter(
      ({ pattern, atLeastOnce }) => atLeastOnce && !printed.some(({ text }) => pattern.test(text)),
    )
    if (absent.length > 0) throw new Error(`Expected in the log: ${absent.map(({ pattern }) => pattern).join(', ')}`)
  }
}

export const messages = new Messages()

/**
 * Keeps messages that match quiet until the test ends, and fails the test if none came: on the console, standard output, standard
 * error, or as a process warning or deprecation.
 * @example expectLog(/no route/)
 */
export const expectLog = (pattern: RegExp): void => messages.expect(pattern, true)

/** Keeps messages that match quiet until the test ends. For those that a process prints once only, in whichever test comes first. */
export const allowLog = (pattern: RegExp): void => messages.expect(pattern, false)
