const BEYOND_LATIN1 = /[^\0-\xff]/

/**
 * A field's value with one character for each byte, as Node's parser gives it and its own APIs (`Headers`, `fetch`, `http.request`)
 * take it. A gateway gives a text: one with a character beyond Latin-1 was read from UTF-8 (`Sīgulda`, or U+FFFD for a byte that
 * is none), so it becomes these bytes. Other texts may have been read either way and stay.
 * @example toByteText('Sīgulda') // 'SÄ«gulda'
 */
export const toByteText = (value: string): string =>
  BEYOND_LATIN1.test(value) ? Buffer.from(value).toString('latin1') : value
