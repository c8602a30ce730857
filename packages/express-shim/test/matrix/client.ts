import { setTimeout as wait } from 'node:timers/promises'
import type { WireRequest, WireResponse } from '@expressway/testing/gateway'
import type { Opened } from './targets.ts'

export interface Asked {
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Sent as `application/json`. */
  json?: unknown
  /** Sent as `application/x-www-form-urlencoded`. */
  form?: Record<string, string>
  /** Sent as `multipart/form-data`. */
  parts?: readonly Part[]
}

export interface Part {
  name: string
  value: string | Uint8Array
  filename?: string
  type?: string
}

export interface Answer {
  status: number
  /** Lower-case names; several lines of a name are joined by `, ` but for cookies. */
  headers: Record<string, string | string[]>
  bytes: Buffer
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever the application answered.
  json(): any
}

/** What both sides are compared by. */
export interface Exchange {
  request: string
  status: number
  headers: Record<string, string | string[]>
  body: string
}

/** One user agent: it keeps cookies, and everything that was said. */
export interface Client {
  readonly cookies: Map<string, string>
  /** Whether chunks can arrive before the answer is complete. */
  readonly streams: boolean
  readonly notes: readonly unknown[]
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, asked?: Asked): Promise<Answer>
  send(method: string, path: string, asked?: Asked): Promise<Answer>
  /** Asks without writing it down, as many at once are answered in any order. */
  unheard(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Asks what gets no answer: a connection is lost, and a gateway says so in an error of its own. */
  lost(path: string): Promise<void>
  /** Reads chunk by chunk. */
  open(path: string, headers?: Record<string, string>): Promise<AsyncIterable<Uint8Array>>
  /** Waits until that many values have been noted: log lines come after their response. */
  noted(count: number): Promise<readonly unknown[]>
}

export function createClient(opened: Opened, streams: boolean, notes: unknown[], said: Exchange[]): Client {
  const cookies = new Map<string, string>()
  const exchange = async (method: string, path: string, asked: Asked): Promise<[WireResponse, Exchange]> => {
    const response = await opened.send(toRequest(method, path, asked, cookies))
    // The warning about compressed answers of a streamed function URL rests on reports; what Express sent is compared all the same.
    const warnings = response.warnings.filter((text) => !/was seen to decode such answers/.test(text))
    if (warnings.length > 0) throw new Error(`${method} ${path}: ${warnings.join(' ')}`)
    keepCookies(response, cookies)
    const entry = { request: `${method} ${path}`, status: response.status, headers: fieldsOf(response), body: '' }
    said.push(entry)
    return [response, entry]
  }
  const send = async (method: string, path: string, asked: Asked = {}, isHeard = true): Promise<Answer> => {
    const [response, entry] = await exchange(method, path, asked)
    if (!isHeard) said.splice(said.indexOf(entry), 1)
    const bytes = await bytesOf(response)
    entry.body = bytes.toString('latin1')
    const text = bytes.toString()
    return { status: entry.status, headers: entry.headers, bytes, text, json: () => JSON.parse(text) }
  }
  return {
    cookies,
    streams,
    notes,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, asked) => send('POST', path, asked),
    send: (method, path, asked) => send(method, path, asked),
    unheard: (path, headers = {}) => send('GET', path, { headers }, false),
    async lost(path) {
      const answer = await send('GET', path, {}, false).catch(() => undefined)
      if (answer && answer.status < 500) throw new Error(`GET ${path} was answered with ${answer.status}`)
    },
    async open(path, headers = {}) {
      const [response, entry] = await exchange('GET', path, { headers })
      return recorded(response, entry)
    },
    async noted(count) {
      for (const end = Date.now() + 2000; notes.length < count && Date.now() < end; ) await wait(2)
      if (notes.length < count) throw new Error(`${notes.length} of ${count} notes: ${JSON.stringify(notes)}`)
      return notes
    },
  }
}

function toRequest(method: string, target: string, asked: Asked, cookies: Map<string, string>): WireRequest {
  const [path = '/', query = ''] = target.split('?', 2)
  const { type, body } = content(asked)
  const fields: Record<string, string> = {
    host: 'example.com',
    accept: '*/*',
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(cookies.size === 0 ? {} : { cookie: [...cookies].map((cookie) => cookie.join('=')).join('; ') }),
    ...asked.headers,
  }
  return { method, path, query, headers: Object.entries(fields), sourceIp: '192.0.2.1', ...(body && { body }) }
}

const BOUNDARY = 'a-line-between-parts'

function content({ json, form, parts, body }: Asked): { type?: string; body?: Uint8Array } {
  if (json !== undefined) return { type: 'application/json', body: Buffer.from(JSON.stringify(json)) }
  if (form) {
    return { type: 'application/x-www-form-urlencoded', body: Buffer.from(new URLSearchParams(form).toString()) }
  }
  if (parts) return { type: `multipart/form-data; boundary=${BOUNDARY}`, body: multipart(parts) }
  return body === undefined ? {} : { body: Buffer.from(body as string) }
}

function multipart(parts: readonly Part[]): Uint8Array {
  const chunks = parts.flatMap(({ name, value, filename, type }) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined ? '' : `; filename="${filename}"`,
    type === undefined ? '' : `\r\nContent-Type: ${type}`,
    '\r\n\r\n',
    value,
    '\r\n',
  ])
  return Buffer.concat([...chunks, `--${BOUNDARY}--\r\n`].map((chunk) => Buffer.from(chunk as string)))
}

function keepCookies(response: WireResponse, cookies: Map<string, string>): void {
  for (const [name, line] of response.headers) {
    if (name.toLowerCase() !== 'set-cookie') continue
    const [, key, value] = /^([^=]+)=([^;]*)/.exec(line) as unknown as [string, string, string]
    if (/expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) cookies.delete(key)
    else cookies.set(key, value)
  }
}

function fieldsOf(response: WireResponse): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {}
  for (const [given, value] of response.headers) {
    const name = given.toLowerCase()
    const known = fields[name]
    if (name === 'set-cookie') fields[name] = [...((known as string[]) ?? []), value]
    else fields[name] = known === undefined ? value : `${known}, ${value}`
  }
  return fields
}

async function bytesOf(response: WireResponse): Promise<Buffer> {
  if (response.stream === undefined) return Buffer.from(response.body)
  const chunks: Uint8Array[] = []
  for await (const chunk of response.stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* recorded(response: WireResponse, entry: Exchange): AsyncGenerator<Uint8Array> {
  for await (const chunk of response.stream ?? [response.body]) {
    entry.body += Buffer.from(chunk).toString('latin1')
    yield chunk
  }
}
