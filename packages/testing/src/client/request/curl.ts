import { splitAt } from '../http/query-string.ts'
import type { RequestSpec } from '../spec.ts'
import { copySpec } from '../spec.ts'
import { toWireRequest } from './wire-request.ts'

/** The request as a curl command line for a POSIX shell; bytes that are not text go through `base64 -d`. */
export async function toCurl(spec: RequestSpec, origin: string): Promise<string> {
  const { method, path, query, headers, body } = await toWireRequest(copySpec(spec))
  const url = origin + path + (query && `?${query}`)
  const fields = headers.filter(([name]) => !/^(content-length|accept-encoding)$/i.test(name))
  const options = fields.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`)
  const verb = method === 'HEAD' ? ['--head'] : method === 'GET' && !body ? [] : ['-X', method]
  const parts = ['curl', ...verb, quote(url), ...options, '--compressed']
  if (!body || body.length === 0) return parts.join(' ')
  const text = Buffer.from(body).toString()
  if (Buffer.from(text).equals(body) && !text.includes('\0')) return [...parts, '--data-binary', quote(text)].join(' ')
  return `echo ${Buffer.from(body).toString('base64')} | base64 -d | ${[...parts, '--data-binary', '@-'].join(' ')}`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** A request as a curl command line describes it. */
export interface CurlRequest {
  method: string
  path: string
  headers: [string, string][]
  user?: string
  body?: string
  form: [string, string][]
}

interface CurlState extends CurlRequest {
  url: string
  data: string[]
  get: boolean
}

type Option = (state: CurlState, value: string) => void

const header: Option = (state, value) => {
  const [name, rest] = splitAt(value, ':')
  state.headers.push([name.trim(), rest.slice(1).trim()])
}
const data: Option = (state, value) => void state.data.push(value)
const method: Option = (state, value) => {
  state.method = value.toUpperCase()
}

const WITH_VALUE: Record<string, Option> = {
  '-X': method,
  '--request': method,
  '-H': header,
  '--header': header,
  '-d': data,
  '--data': data,
  '--data-raw': data,
  '--data-ascii': data,
  '--data-binary': data,
  '--data-urlencode': (state, value) => {
    const [name, rest] = splitAt(value, '=')
    state.data.push(rest ? `${name && `${name}=`}${encodeURIComponent(rest.slice(1))}` : encodeURIComponent(name))
  },
  '--json': (state, value) => {
    state.data.push(value)
    state.headers.push(['Content-Type', 'application/json'], ['Accept', 'application/json'])
  },
  '-F': (state, value) => state.form.push(toPair(value)),
  '--form': (state, value) => state.form.push(toPair(value)),
  '-u': (state, value) => void (state.user = value),
  '--user': (state, value) => void (state.user = value),
  '-A': (state, value) => void state.headers.push(['User-Agent', value]),
  '--user-agent': (state, value) => void state.headers.push(['User-Agent', value]),
  '-b': (state, value) => void state.headers.push(['Cookie', value]),
  '--cookie': (state, value) => void state.headers.push(['Cookie', value]),
  '-e': (state, value) => void state.headers.push(['Referer', value]),
  '--referer': (state, value) => void state.headers.push(['Referer', value]),
  '--url': (state, value) => void (state.url = value),
}

const WITHOUT_EFFECT =
  /^(-[sSkLivfgN]+|--(silent|show-error|insecure|location|include|verbose|fail|globoff|no-buffer|compressed|http1\.1|http2))$/

const FLAGS: Record<string, (state: CurlState) => void> = {
  '-I': (state) => void (state.method = 'HEAD'),
  '--head': (state) => void (state.method = 'HEAD'),
  '-G': (state) => void (state.get = true),
  '--get': (state) => void (state.get = true),
}

function toPair(text: string): [string, string] {
  const [name, rest] = splitAt(text, '=')
  return [name, rest.slice(1)]
}

/**
 * Reads a curl command line, as a browser's developer tools copy it. The URL's host is left out: the target is the test's.
 * @throws TypeError for an option that it does not know, and if there is no URL
 */
export function parseCurl(command: string): CurlRequest {
  const words = splitWords(command)
  if (words[0] === 'curl') words.shift()
  const state: CurlState = { method: '', path: '', url: '', headers: [], data: [], form: [], get: false }
  while (words.length > 0) readWord(state, words.shift()!, words)
  return toRequest(state)
}

function readWord(state: CurlState, word: string, rest: string[]): void {
  const [name, joined] = word.startsWith('--') ? splitAt(word, '=') : [word.slice(0, 2), word.slice(2)]
  const option = WITH_VALUE[word] ?? (joined && WITH_VALUE[name])
  if (option) {
    const value = WITH_VALUE[word] ? rest.shift() : joined.replace(/^=/, '')
    if (value === undefined) throw new TypeError(`curl's ${word} needs a value`)
    option(state, value)
  } else if (FLAGS[word]) FLAGS[word](state)
  else if (!word.startsWith('-')) state.url = word
  else if (!WITHOUT_EFFECT.test(word)) throw new TypeError(`fromCurl does not know curl's option ${word}`)
}

function toRequest({ url, data, get, method, headers, user, form }: CurlState): CurlRequest {
  if (!url) throw new TypeError('This curl command names no URL')
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/^[^/?#][^/?#]*/, '') || '/'
  const body = data.length > 0 && !get ? data.join('&') : undefined
  const full = get && data.length > 0 ? `${path}${path.includes('?') ? '&' : '?'}${data.join('&')}` : path
  const verb = method || (body !== undefined || form.length > 0 ? 'POST' : 'GET')
  return { method: verb, path: full, headers, user, body, form }
}

/** Words as a POSIX shell splits them: quotes, `$'…'`, backslashes, line continuations. */
function splitWords(command: string): string[] {
  const words: string[] = []
  const token = /\s*((?:\$'(?:[^'\\]|\\[\s\S])*'|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\s'"\\])+)/y
  const source = command.trim().replace(/\\\r?\n/g, ' ')
  for (let match = token.exec(source); match; match = token.exec(source)) words.push(unquote(match[1]!))
  return words
}

function unquote(word: string): string {
  return word.replace(
    /\$'((?:[^'\\]|\\[\s\S])*)'|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
    (_, ansi?: string, single?: string, double?: string, escaped?: string) =>
      (ansi !== undefined ? unescapeAnsi(ansi) : single) ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
  )
}

const ANSI: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' }

function unescapeAnsi(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([\s\S]))/gi, (_, unicode, hex, char) =>
    unicode || hex ? String.fromCharCode(Number.parseInt(unicode ?? hex, 16)) : (ANSI[char] ?? char),
  )
}
