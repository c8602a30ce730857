import loadEncodeUrl from '#libraries/encodeurl.cjs'

/** Percent-encodes what is not a URL's, and leaves what is encoded already: for a `Location`, or a path on a page. */
export const encodeUrl = (url: unknown): string => loadEncodeUrl()(String(url))
