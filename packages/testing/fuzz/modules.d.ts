// Packages without types of their own, as far as they are used here.
declare module 'accepts' {
  export default function accepts(request: { headers: Record<string, string> }): {
    types(offers?: readonly string[]): string | string[] | false
    encodings(...offers: string[]): string | string[] | false
    languages(...offers: string[]): string | string[] | false
  }
}
declare module 'cookie' {
  export function parse(header: string): Record<string, string | undefined>
}
declare module 'cookie-parser' {
  export default function cookieParser(): (...handled: unknown[]) => void
}
