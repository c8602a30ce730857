declare namespace load {
  /** The methods of negotiator 1.1 that are used here. */
  interface Negotiator {
    encodings(available: readonly string[], options: { readonly preferred: readonly string[] }): string[]
  }
}
declare const load: () => new (request: {
  readonly headers: Readonly<Record<string, string | undefined>>
}) => load.Negotiator
export = load
