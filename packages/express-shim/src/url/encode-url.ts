import loadEncodeUrl from '#libraries/encodeurl.cjs'

/** Percent-encodes the characters that a URL cannot have and keeps existing escapes: for a `Location`, or a path on a page. */
export const encodeUrl = (url: unknown): string => loadEncodeUrl()(String(url))
