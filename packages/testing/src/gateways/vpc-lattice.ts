import { buildLatticeV1Event, buildLatticeV2Event } from '../events/vpc-lattice.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import type { Gateway, GatewayOptions, Outcome } from './contract.ts'
import { answerWith, reasonOf } from './failure.ts'
import { eventIsTooLarge, mebibytes } from './limits.ts'
import * as response from './response.ts'

/** A VPC Lattice Lambda target, event version 2. */
export const vpcLattice: Gateway = latticeGateway('vpc-lattice', buildLatticeV2Event)

/** A VPC Lattice Lambda target, event version 1. */
export const vpcLatticeV1: Gateway = latticeGateway('vpc-lattice-v1', buildLatticeV1Event)

function latticeGateway(
  name: 'vpc-lattice' | 'vpc-lattice-v1',
  toEvent: (request: WireRequest, options?: GatewayOptions) => unknown,
): Gateway {
  return {
    name,
    answer: (request, options) => answer(request, () => toEvent(request, options)),
    toEvent,
    toResponse,
    streams: () => false,
    timeoutMs: (options) => options?.timeoutMs ?? 900_000,
    basePath: () => '',
  }
}

function answer(request: WireRequest, toEvent: () => unknown): WireResponse | undefined {
  const tooLarge = (request.body?.length ?? 0) > mebibytes(6) || eventIsTooLarge(request, toEvent)
  return tooLarge ? response.ownResponse(413, response.statusTextOf(413), 'text/plain') : undefined
}

/** AWS does not say what a client receives; a 502 as from a load balancer stands in. */
const fail = (reason: string, warnings: string[]): WireResponse =>
  response.ownResponse(502, response.statusTextOf(502), 'text/plain', [...warnings, reason])

function toResponse(outcome: Outcome, request: WireRequest): WireResponse {
  if (outcome.kind === 'timeout' && outcome.by === 'gateway') {
    return response.ownResponse(504, response.statusTextOf(504), 'text/plain', [reasonOf(outcome)])
  }
  return answerWith(outcome, (result, warnings) => read(result, request, warnings), fail)
}

function read(result: unknown, request: WireRequest, warnings: string[]): WireResponse {
  if (!response.isObject(result)) {
    throw new response.Malformed(
      `The function returned ${response.describe(result)}: return { statusCode, headers, body }.`,
    )
  }
  const status = response.readStatus(result.statusCode)
  if (status === undefined) throw new response.Malformed('The answer has no statusCode: VPC Lattice requires one.')
  for (const key of ['multiValueHeaders', 'cookies']) {
    if (result[key] !== undefined) warnings.push(`${key} is ignored by VPC Lattice: put lists into headers.`)
  }
  const lines = response.endToEnd(response.readRecord(result.headers, 'headers').flatMap(linesOf))
  response.checkCookies(lines, 'return headers["set-cookie"] as an array.', warnings)
  const text = response.readBody(result)
  const body = result.isBase64Encoded === true ? response.decodeBase64(text) : Buffer.from(text)
  const description = typeof result.statusDescription === 'string' ? result.statusDescription : ''
  return response.toWire({ status, statusText: description.replace(/^\d{3}\s*/, ''), lines, body }, request, warnings)
}

/** A value is a string, or an array of them: one line each. */
function linesOf([name, value]: [string, unknown]): [string, string][] {
  return [value].flat().map((each) => {
    if (typeof each === 'string') return [name, each]
    throw new response.Malformed(`Header "${name}" is ${response.describe(each)}: return strings.`)
  })
}
