import type { GatewayName } from '../../gateway.ts'
import type { Response } from '../response/response.ts'
import { mismatch } from './expectation.ts'

// Fields that the gateways add or rewrite on their own, or that differ with each answer.
const GATEWAY_OWN =
  /^(date|server|via|connection|keep-alive|transfer-encoding|content-length|apigw-requestid|x-cache|x-amz-cf-.*|x-amz-apigw-id|x-amzn-(requestid|trace-id|remapped-(date|server|connection|content-length|transfer-encoding)))$/

/** An error that shows how answers differ from the first one, by gateway; `null` if they are the same. */
export function compareResponses(gateways: GatewayName[], responses: Response[], ignored: string[]): Error | null {
  const [reference, ...others] = responses.map((response) => describe(response, ignored))
  const differences = others.flatMap((lines, at) => {
    const changes = diffLines(reference!, lines)
    return changes.length === 0 ? [] : [{ gateway: gateways[at + 1], lines, changes, response: responses[at + 1]! }]
  })
  if (differences.length === 0) return null
  const parts = differences.map(({ gateway, changes, response }) => [
    `  ${gateway}:`,
    ...changes,
    ...warningsOf(response),
  ])
  const text = `expected the same answer through every gateway; other than ${gateways[0]} (-):`
  const [first] = differences
  return mismatch([text, ...parts.flat()].join('\n'), reference!.join('\n'), first!.lines.join('\n'))
}

function describe(response: Response, ignored: string[]): string[] {
  const headers = Object.entries(response.headers)
    .filter(([name]) => !GATEWAY_OWN.test(name) && !ignored.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
  const body = response.text === undefined ? bytesOf(response) : JSON.stringify(response.text)
  return [`status: ${response.status}`, ...headers, `body: ${body}`]
}

function bytesOf({ body, rawBody }: Response): string {
  const bytes = Buffer.isBuffer(body) ? body : rawBody
  return bytes.length > 256 ? `${bytes.length} bytes, ${bytes.toString('hex', 0, 256)}…` : bytes.toString('hex')
}

function diffLines(reference: string[], lines: string[]): string[] {
  const gone = reference.filter((line) => !lines.includes(line)).map((line) => `    - ${line}`)
  const come = lines.filter((line) => !reference.includes(line)).map((line) => `    + ${line}`)
  return [...gone, ...come]
}

function warningsOf({ gateway }: Response): string[] {
  return (gateway?.warnings ?? []).map((warning) => `    ! ${warning}`)
}
