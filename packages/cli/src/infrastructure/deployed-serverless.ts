import { type Deployed, type DeployedGateway, isNumber, isText, isTextList, memberOf } from './deployed.ts'
import { isRecord, records } from './sent.ts'

type Properties = Readonly<Record<string, unknown>>

/**
 * A function and its gateways, as a serverless.yml describes them. The framework adds the permissions itself
 * (https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml).
 */
export function deployedByServerless(service: Properties, target: string | undefined): Deployed {
  const provider: Properties = Object(service['provider'])
  const named = [service['functions']].flat().flatMap(records)
  const [name, own] = named.find(([each]) => each === target) ?? []
  if (name === undefined || own === undefined) return { function: undefined, gateways: [] }
  const both = { ...provider, ...own }
  const variables = [provider['environment'], own['environment']]
  return {
    function: {
      name,
      runtime: memberOf(both, 'runtime', isText, undefined),
      handler: memberOf(own, 'handler', isText, undefined),
      memoryMb: memberOf(both, 'memorySize', isNumber, 1024),
      timeoutSeconds: memberOf(both, 'timeout', isNumber, 6),
      environment: variables.every((each) => each === undefined || isRecord(each))
        ? { ...Object(variables[0]), ...Object(variables[1]) }
        : undefined,
      folder: '.',
    },
    gateways: gatewaysOf(name, own, provider),
  }
}

function gatewaysOf(name: string, own: Properties, provider: Properties): DeployedGateway[] {
  const events = [own['events'] ?? []].flat().filter(isRecord)
  const of = (kind: string) => events.filter((event) => event[kind] !== undefined).map((event) => Object(event[kind]))
  const [rest, http, alb] = [of('http'), of('httpApi'), of('alb')]
  const api: Properties = Object(provider['apiGateway'])
  const httpApi: Properties = Object(provider['httpApi'])
  const url = own['url']
  const found: DeployedGateway[] = []
  if (rest.length > 0) {
    const modes = rest.map((event) => Object(event.response).transferMode ?? 'BUFFERED')
    const limits = rest.map((event) => event.timeoutInMillis ?? api['timeoutInMillis'] ?? 29_000)
    found.push({
      kind: 'rest-api',
      place: `${name}, http`,
      streams: modes.every(isText) ? modes.every((mode) => mode.toUpperCase() === 'STREAM') : undefined,
      limitSeconds: limits.every(isNumber) ? Math.min(...limits) / 1000 : undefined,
      binaryMediaTypes: memberOf(api, 'binaryMediaTypes', isTextList, []),
      cors: rest.some((event) => Boolean(event.cors)),
      missingPermissions: [],
    })
  }
  if (http.length > 0) {
    found.push({
      kind: 'http-api',
      place: `${name}, httpApi`,
      streams: false,
      limitSeconds: 30,
      payloadFormat: memberOf(httpApi, 'payload', isText, '2.0'),
      cors: Boolean(httpApi['cors']),
      missingPermissions: [],
    })
  }
  if (url) {
    const mode = memberOf(Object(url), 'invokeMode', isText, 'BUFFERED')
    const streams = mode === undefined ? undefined : mode === 'RESPONSE_STREAM'
    const cors = Boolean(Object(url).cors)
    found.push({
      kind: 'function-url',
      place: `${name}, url`,
      streams,
      limitSeconds: 900,
      cors,
      missingPermissions: [],
    })
  }
  if (alb.length > 0) {
    const multiValueHeaders = alb.every((event) => event.multiValueHeaders === true)
    found.push({ kind: 'alb', place: `${name}, alb`, streams: false, multiValueHeaders, missingPermissions: [] })
  }
  return found
}
