declare namespace load {
  /** The methods of negotiator 1.1 that are used here: without an offer, all that the client accepts. */
  interface Negotiator {
    charsets(available?: readonly string[]): string[]
    encodings(available?: readonly string[]): string[]
    languages(available?: readonly string[]): string[]
    mediaTypes(available?: readonly string[]): string[]
  }
}
declare const load: () => new (request: { readonly headers: object }) => load.Negotiator
export = load
