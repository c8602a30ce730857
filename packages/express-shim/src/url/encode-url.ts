// What no URL has as it stands: anything but its characters, and a % that begins no escape.
const FOREIGN = /[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7a\x7c\x7e]+|%(?![\da-fA-F]{2})/g

/** Percent-encodes what is not a URL's, and leaves what is encoded already: for a `Location`, or a path on a page. */
export function encodeUrl(url: unknown): string {
  return String(url).toWellFormed().replace(FOREIGN, encodeURI)
}
