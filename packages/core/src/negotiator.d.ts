declare module 'negotiator/lib/encoding.js' {
  /** The encodings of `available` that the `Accept-Encoding` value takes, best first; `preferred` settles ties. */
  export default function preferredEncodings(
    accept: string,
    available: readonly string[],
    preferred?: readonly string[],
  ): string[]
}
