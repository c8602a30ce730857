import { type Deployed, isNumber, isText, isTextList } from './deployed.ts'
import { isRecord, records } from './sent.ts'

/** The gateway that an OpenAPI document describes. It says nothing of the function. */
export function deployedByDocument(document: Readonly<Record<string, unknown>>, place: string): Deployed {
  const integrations = records(document['paths'])
    .flatMap(([, item]) => records(item))
    .map(([, operation]) => operation['x-amazon-apigateway-integration'])
    .filter(isRecord)
  if (integrations.length === 0) return { function: undefined, gateways: [] }
  const types = document['x-amazon-apigateway-binary-media-types'] ?? []
  // A REST API's integration names the function by an action, an HTTP API's by its ARN.
  if (integrations.some(({ uri }) => isText(uri) && /\/(response-streaming-)?invocations$/.test(uri))) {
    const limits = integrations.map(({ timeoutInMillis = 29_000 }) => timeoutInMillis)
    const gateway = {
      kind: 'rest-api' as const,
      place,
      streams: integrations.every(({ responseTransferMode }) => responseTransferMode === 'STREAM'),
      limitSeconds: limits.every(isNumber) ? Math.min(...limits) / 1000 : undefined,
      binaryMediaTypes: isTextList(types) ? types : undefined,
      missingPermissions: [],
    }
    return { function: undefined, gateways: [gateway] }
  }
  const formats = integrations.map(({ payloadFormatVersion = '1.0' }) => String(payloadFormatVersion)).sort()
  const cors = document['x-amazon-apigateway-cors'] !== undefined
  return {
    function: undefined,
    gateways: [{ kind: 'http-api', place, streams: false, payloadFormat: formats[0], cors, missingPermissions: [] }],
  }
}
