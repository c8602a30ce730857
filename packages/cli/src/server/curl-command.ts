import type { WireRequest } from '@expressway/testing/gateway'

/** What curl says for itself. */
const curlsOwn = /^(content-length|host|connection|transfer-encoding|expect)$/i

/** A request as a curl command line for a POSIX shell; a body that is no text goes through `base64 -d`. */
export function curlCommand({ method, path, query, headers, body }: WireRequest, origin: string): string {
  const url = origin + path + (query === '' ? '' : `?${query}`)
  const parts = ['curl', '--path-as-is', '--globoff', ...verb(method, body), quote(url)]
  for (const line of headers) if (!curlsOwn.test(line[0])) parts.push('-H', quote(header(line)))
  if (headers.some(([name]) => name.toLowerCase() === 'accept-encoding')) parts.push('--compressed')
  if (body === undefined || body.length === 0) return parts.join(' ')
  if (!hasHeader(headers, 'content-type')) parts.push('-H', quote('content-type:'))
  const text = Buffer.from(body).toString()
  // A leading @ would name a file, and a NUL cannot stand in an argument.
  const isText = Buffer.from(text).equals(body) && !text.includes('\0') && !text.startsWith('@')
  if (isText) return [...parts, '--data-binary', quote(text)].join(' ')
  return `echo ${Buffer.from(body).toString('base64')} | base64 -d | ${[...parts, '--data-binary', '@-'].join(' ')}`
}

function verb(method: string, body: Uint8Array | undefined): string[] {
  if (method === 'HEAD') return ['--head']
  return method === 'GET' && body === undefined ? [] : ['-X', method]
}

/** To curl, a colon with nothing after it takes the header away; a semicolon sends it empty. */
const header = ([name, value]: [string, string]): string => (value === '' ? `${name};` : `${name}: ${value}`)

const hasHeader = (headers: [string, string][], name: string): boolean =>
  headers.some(([field]) => field.toLowerCase() === name)

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
