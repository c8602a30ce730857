/** A function as a template describes it. A member that is undefined is not known: it is a variable. */
export interface DeployedFunction {
  /** Its name in the template. */
  readonly name: string
  readonly runtime: string | undefined
  /** `dist/handler.handler`: module and export. */
  readonly handler: string | undefined
  readonly memoryMb: number | undefined
  readonly timeoutSeconds: number | undefined
  readonly environment: Readonly<Record<string, unknown>> | undefined
  /** The folder of its code, from the template's folder. */
  readonly folder: string | undefined
}

export type GatewayKind = 'rest-api' | 'http-api' | 'function-url' | 'alb'

/** A gateway that sends requests to the function. A member that is undefined does not concern it, or is not known. */
export interface DeployedGateway {
  readonly kind: GatewayKind
  /** What says so in the template. */
  readonly place: string
  /** Whether it passes answers on as they are written. */
  readonly streams?: boolean | undefined
  /** How long it waits for an answer. */
  readonly limitSeconds?: number | undefined
  /** A REST API's. */
  readonly binaryMediaTypes?: readonly string[] | undefined
  /** An HTTP API's. */
  readonly payloadFormat?: string | undefined
  /** Whether it adds CORS headers itself. */
  readonly cors?: boolean | undefined
  /** A load balancer's. */
  readonly multiValueHeaders?: boolean | undefined
  /** The paths that its custom domains map to it: `/v1`. */
  readonly basePaths?: readonly string[] | undefined
  /** Permissions that are missing: actions. */
  readonly missingPermissions: readonly string[]
}

/** A function and its gateways. */
export interface Deployed {
  readonly function: DeployedFunction | undefined
  readonly gateways: readonly DeployedGateway[]
}

/** A member if it has this type, the default if it is not there, or undefined if it is something else: a variable. */
export function memberOf<Value>(
  record: Readonly<Record<string, unknown>>,
  name: string,
  is: (value: unknown) => value is Value,
  byDefault: Value | undefined,
): Value | undefined {
  const value = record[name]
  if (value === undefined || value === null) return byDefault
  return is(value) ? value : undefined
}

export const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('${')
export const isNumber = (value: unknown): value is number => typeof value === 'number'
export const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
