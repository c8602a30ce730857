import { Agent, createServer, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import realExpress from 'express'
import shimExpress from '../../src/index.ts'
import { type SourceName, sources } from './sources.ts'

/** Either of the two; scenarios are written against Express's own types. */
export type Express = typeof realExpress

/** Notes something that both have to have seen alike: a req.* value, the order of calls. */
export type Note = (...values: unknown[]) => void

/** Builds the application: called once with the real Express and once for each source with the shim. */
export type Build = (express: Express, note: Note) => unknown

export interface Sent {
  method?: string
  /** Percent-encoded, with its query. Default: `/`. */
  path?: string
  headers?: Record<string, string | string[] | undefined>
  body?: string | Uint8Array
}

/** What came of a request. */
export interface Outcome {
  status: number
  /** Lower-case names; several lines of a name are several elements. */
  headers: Record<string, string[]>
  body: string
  notes: unknown[]
}

export interface Options {
  /** Which sources to ask; default: all that can carry the request as it is. */
  only?: readonly SourceName[]
  /** Fields that are let differ, beside those that belong to the connection. */
  ignoreHeaders?: readonly string[]
  /** NODE_ENV while the applications are built and asked; default `test`, so that Express logs nothing. */
  env?: string
}

// The connection's own, or what the two ways of framing a body differ in.
const CONNECTION = ['date', 'connection', 'keep-alive', 'transfer-encoding']

/** Sends the requests to Express on a real server, and through each source to the shim. The first element is Express's. */
export async function outcomes(build: Build, sent: readonly Sent[], options: Options = {}): Promise<Outcomes[]> {
  return withEnv(options.env ?? 'test', async () => {
    const expected = await serve(build, realExpress, sent)
    const names = options.only ?? (Object.keys(sources) as SourceName[])
    const runs: Outcomes[] = sent.map((each, index) => ({ sent: each, express: expected[index] as Outcome, shim: {} }))
    const onServer = await serve(build, shimExpress as Express, sent)
    for (const [index, run] of runs.entries()) run.shim.node = onServer[index] as Outcome
    for (const name of names) await invokeAll(name, build, runs)
    return runs
  })
}

export interface Outcomes {
  sent: Sent
  express: Outcome
  /** By source; `node` is the shim on a real server. */
  shim: Record<string, Outcome>
}

/**
 * Fails where the shim's status, headers, body or notes are not Express's.
 * @example await same((express) => express().get('/', (req, res) => res.send('hi')), { path: '/' })
 */
export async function same(build: Build, sent: Sent | readonly Sent[], options: Options = {}): Promise<void> {
  const list = (Array.isArray(sent) ? sent : [sent]) as readonly Sent[]
  for (const run of await outcomes(build, list, options)) {
    for (const [source, outcome] of Object.entries(run.shim)) {
      const title = `${run.sent.method ?? 'GET'} ${run.sent.path ?? '/'} by ${source}`
      const [expected, actual] = comparable(source, run.express, outcome, options.ignoreHeaders ?? [])
      // Thrown as an assertion with both sides, so that the runner prints their difference.
      if (JSON.stringify(expected) !== JSON.stringify(actual)) throw difference(title, expected, actual)
    }
  }
}

function difference(title: string, expected: unknown, actual: unknown): Error {
  const error = new Error(
    `${title} differs\nexpected ${JSON.stringify(expected, null, 1)}\nactual ${JSON.stringify(actual, null, 1)}`,
  )
  return Object.assign(error, { expected, actual, showDiff: true })
}

async function invokeAll(name: SourceName, build: Build, runs: Outcomes[]): Promise<void> {
  const notes: unknown[] = []
  const source = sources[name]
  const app = build(shimExpress as Express, (...values) => void notes.push(...values.map(toPlain)))
  for (const run of runs) {
    if (!source.carries(run.sent)) continue
    notes.length = 0
    const response = await source.invoke(app, run.sent)
    run.shim[name] = { ...response, notes: [...notes] }
  }
}

async function serve(build: Build, express: Express, sent: readonly Sent[]): Promise<Outcome[]> {
  const notes: unknown[] = []
  const app = build(express, (...values) => void notes.push(...values.map(toPlain)))
  const server = createServer(app as RequestListener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const agent = new Agent({ keepAlive: false })
  const found: Outcome[] = []
  try {
    for (const each of sent) {
      notes.length = 0
      const response = await ask((server.address() as AddressInfo).port, agent, each)
      found.push({ ...response, notes: [...notes] })
    }
  } finally {
    agent.destroy()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return found
}

function ask(port: number, agent: Agent, { method, path, headers, body }: Sent): Promise<Omit<Outcome, 'notes'>> {
  return new Promise((resolve, reject) => {
    const fields = {
      host: 'example.com',
      ...defined(headers),
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    }
    const sending = request(
      { port, host: '127.0.0.1', agent, method, path: path ?? '/', headers: fields, setHost: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const lines = response.headersDistinct as Record<string, string[]>
          resolve({
            status: response.statusCode as number,
            headers: lines,
            body: Buffer.concat(chunks).toString('latin1'),
          })
        })
      },
    )
    sending.on('error', (error) =>
      resolve({ status: 0, headers: {}, body: `connection: ${(error as NodeJS.ErrnoException).code}` }),
    )
    sending.end(body)
  })
}

/** Without the fields that a scenario leaves out by naming them undefined. */
export function defined(headers: Sent['headers'] = {}): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
}

/** Both sides without what may differ: stack frames name the files of either, and framing goes by the connection. */
function comparable(
  source: string,
  expected: Outcome,
  actual: Outcome,
  ignored: readonly string[],
): [unknown, unknown] {
  // The page of an error without its body, where it is as long as the stack that nobody sees.
  const headless = expected.body === '' && expected.status >= 400
  const traced = headless || /<br> &nbsp; &nbsp;at /.test(expected.body)
  const skip = new Set([...CONNECTION, ...ignored])
  // A gateway gives the answer its length; the body itself is compared.
  if (traced || source !== 'node' || expected.headers['transfer-encoding']) skip.add('content-length')
  // Behind a gateway a 304 keeps its type (test/use/as-used.test.ts).
  if (source !== 'node' && expected.status === 304) skip.add('content-type')
  return [normal(expected, skip), normal(actual, skip)]
}

function normal({ status, headers, body, notes }: Outcome, skip: Set<string>): unknown {
  const fields = Object.entries(headers).filter(([name]) => !skip.has(name))
  return {
    status,
    headers: Object.fromEntries(fields.map(([name, values]) => [name, joined(name, values)]).sort()),
    body: body.replace(/(<br> &nbsp; &nbsp;at [^<]*)+/g, ''),
    notes,
  }
}

const joined = (name: string, values: string[]): string | string[] =>
  name === 'set-cookie' ? values : values.join(', ')

/** What JSON would lose: undefined, a missing prototype, bytes, errors. */
function toPlain(value: unknown): unknown {
  if (value === undefined) return '<undefined>'
  if (value instanceof Error) return `<${value.name}: ${value.message}>`
  if (value instanceof Uint8Array) return `<bytes ${Buffer.from(value).toString('hex')}>`
  if (typeof value === 'function') return `<function ${value.name}>`
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(toPlain)
  const entries = Object.entries(value).map(([key, each]) => [key, toPlain(each)])
  return {
    ...Object.fromEntries(entries),
    ...(Object.getPrototypeOf(value) === null ? { '<null prototype>': true } : {}),
  }
}

async function withEnv<T>(env: string, run: () => Promise<T>): Promise<T> {
  const { NODE_ENV: before } = process.env
  const { error } = console
  process.env.NODE_ENV = env
  // Elsewhere than in tests both of them log errors, the same ones.
  console.error = () => {}
  try {
    return await run()
  } finally {
    console.error = error
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}
