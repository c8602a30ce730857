import type { EventEmitter } from 'node:events'
import type { GatewayName } from '../../gateway.ts'
import type { CookieJar } from '../cookie-jar.ts'
import { compareResponses } from '../expect/comparison.ts'
import { type Expectation, failureOf } from '../expect/expectation.ts'
import { statusText } from '../expect/status.ts'
import { readResponse } from '../response/reading.ts'
import { Response, type ResponseOrigin } from '../response/response.ts'
import { attempt, type Outcome, type Sending, type Underway } from '../send/execution.ts'
import { isAborted, toConnectionError } from '../send/failures.ts'
import { shouldRetry } from '../send/retries.ts'
import type { Transport } from '../send/transport.ts'
import type { RequestSpec } from '../spec.ts'
import { type CallSite, withCallSite } from './call-site.ts'
import { toWireRequest } from './wire-request.ts'

/** A check, and the line of the test that asked for it. */
export interface Check {
  expectation: Expectation
  site: CallSite
}

/** What running a request needs of it. */
export interface Runnable extends EventEmitter, ResponseOrigin {
  readonly spec: RequestSpec
  readonly transport: Transport
  readonly jar: CookieJar | undefined
  /** Milliseconds; the limit of a request that sets none, 0 for no limit. */
  readonly defaultLimit: number
  readonly checks: readonly Check[]
  /** Where the test began the request. */
  readonly site: CallSite
  origin: string
  underway: Underway | undefined
  /** A copy that goes through this gateway. */
  copyFor(gateway: GatewayName): Runnable
}

/** What came of a request and its checks: a failure has its response beside it, if there was one. */
export interface Verdict {
  failure?: Error
  response?: Response
}

/** Sends the request, through each of its gateways, and runs its checks. */
export async function run(request: Runnable): Promise<Verdict> {
  const { error, response } = isCompared(request) ? await sendToAll(request) : await send(request)
  return { failure: await findFailure(request, error, response), response }
}

/** Whether answers of several gateways are compared: a real server has none. */
function isCompared({ spec, transport }: Runnable): boolean {
  return spec.gateways.length > 1 && transport.kind === 'lambda'
}

async function send(request: Runnable): Promise<Outcome> {
  for (let tries = 0; ; tries++) {
    const outcome = await attempt(toSending(request))
    if (isAborted(outcome.error)) return outcome
    if (tries < request.spec.retries && shouldRetry(request.spec, outcome)) continue
    return judge(request, outcome, tries)
  }
}

function toSending(request: Runnable): Sending {
  const { spec, transport, jar, defaultLimit } = request
  return {
    spec,
    transport,
    jar,
    defaultLimit,
    encode: () => toWireRequest(spec),
    async read(exchange, { started, signal, redirects }) {
      const onChunk = (chunk: unknown) => void request.emit('chunk', chunk)
      const onEnd = () => void request.emit('end')
      const response = await readResponse(exchange, { request, spec, started, signal, onChunk, onEnd })
      response.redirects = redirects
      request.emit('response', response)
      return response
    },
    onOrigin(origin) {
      request.origin = origin
    },
    onRequest: () => void request.emit('request', request),
    onProgress: (progress) => void request.emit('progress', progress),
    onRedirect(event, from, redirects) {
      const response = new Response(request, from, {})
      response.redirects = redirects
      request.emit(event, response)
    },
    onUnderway(underway) {
      request.underway = underway
    },
    onTimeout: () => void request.emit('abort'),
  }
}

/** superagent's own verdict: an error for a status that is not good, which `error` listeners get. */
function judge(request: Runnable, { error, response }: Outcome, retries: number): Outcome {
  const { spec } = request
  // A piped body goes on whatever its status is.
  const failure = error ?? (response && !spec.piped && unsuccessful(spec, response))
  if (!failure) return { error: null, response }
  Object.assign(failure, { response }, spec.retries > 0 ? { retries } : {})
  if (request.listenerCount('error') > 0) request.emit('error', failure)
  return { error: failure, response }
}

function unsuccessful({ ok }: RequestSpec, response: Response): Error | null {
  const { status } = response
  try {
    if (ok ? ok(response) : response.ok) return null
    return Object.assign(new Error(statusText(status) ?? 'Unsuccessful HTTP response'), { status })
  } catch (error) {
    return Object.assign(error as Error, { status: (error as { status?: number }).status ?? status })
  }
}

async function sendToAll(request: Runnable): Promise<Outcome> {
  const { gateways, ignoredHeaders } = request.spec
  const responses: Response[] = []
  for (const gateway of gateways) {
    const one = request.copyFor(gateway)
    request.underway = {
      stop: (reason) => one.underway?.stop(reason),
      limit: { answered: () => {}, clear: () => one.underway?.limit.clear() },
    }
    const { error, response } = await send(one)
    if (!response) return { error: namingGateway(error!, gateway) }
    responses.push(response)
  }
  const [first] = responses
  first!.all = Object.fromEntries(gateways.map((gateway, at) => [gateway, responses[at]]))
  return { error: compareResponses(gateways, responses, ignoredHeaders), response: first }
}

async function findFailure(request: Runnable, error: Error | null, response?: Response): Promise<Error | undefined> {
  if (!response) return withCallSite(toConnectionError(error!), request.site)
  if (isCompared(request) && error) return withCallSite(error, request.site)
  const failed = await firstFailure(request.checks, response)
  if (failed) return failed
  // The status is for the test to check; anything else that superagent found is a failure.
  return error && (error as { status?: number }).status !== response.status ? error : undefined
}

async function firstFailure(checks: readonly Check[], response: Response): Promise<Error | undefined> {
  const all = Object.values(response.all)
  for (const { expectation, site } of checks) {
    for (const one of all.length > 0 ? all : [response]) {
      const failure = await failureOf(expectation, one)
      if (failure) return withCallSite(all.length > 0 ? namingGateway(failure, one.gateway!.name) : failure, site)
    }
  }
}

function namingGateway(error: Error, gateway: string): Error {
  error.message += ` (through ${gateway})`
  return error
}
