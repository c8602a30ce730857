import type { ContextOptions } from '../../context.ts'
import type { ClientCertificate, IamIdentity } from '../../events/identity.ts'
import type { GatewayOptions } from '../../gateway.ts'
import { gatewayNames } from '../../gateway.ts'
import { type GatewayAlias, toGatewayName } from '../gateway-names.ts'
import { RequestDefaults } from './settings.ts'

/** What belongs to AWS's side of a request; without effect where the target is a real server. */
export class GatewayDefaults extends RequestDefaults {
  /** Sends the request through one gateway: `rest`, `http`, `url`, `alb`, `alb-multi`, `lattice`, or a full name. */
  via(gateway: GatewayAlias): this {
    this.spec.gateways = [toGatewayName(gateway)]
    return this
  }

  /**
   * Sends the same request through every gateway, or those named, and fails where answers differ.
   * The response is that of the first; `res.all` has each.
   *
   * @example await request(handler).get('/me').viaAll(['rest', 'alb']).expect(200)
   */
  viaAll(gateways: readonly GatewayAlias[] = gatewayNames, options: { ignoreHeaders?: readonly string[] } = {}): this {
    this.spec.gateways = gateways.map(toGatewayName)
    this.spec.ignoredHeaders = (options.ignoreHeaders ?? []).map((name) => name.toLowerCase())
    if (gateways.length === 0) throw new TypeError('.viaAll([]) names no gateway; leave the list out for all of them.')
    return this
  }

  /** The deployment stage: `prod`, `$default`. */
  stage(stage: string): this {
    return this.#option({ stage })
  }

  /** The custom domain's mapping, such as `/v1`. */
  basePath(basePath: string): this {
    return this.#option({ basePath })
  }

  /** The domain that the client asked for. */
  domain(domainName: string): this {
    return this.#option({ domainName })
  }

  stageVariables(stageVariables: Record<string, string>): this {
    return this.#option({ stageVariables })
  }

  /** The gateway's own path parameters. */
  pathParameters(pathParameters: Record<string, string>): this {
    return this.#option({ pathParameters })
  }

  /** The gateway's resource or route: `/users/{id}`, `/{proxy+}`. */
  resource(resource: string): this {
    return this.#option({ resource })
  }

  /** Media types that a REST API hands on as base64. */
  binaryMediaTypes(binaryMediaTypes: readonly string[]): this {
    return this.#option({ binaryMediaTypes })
  }

  /** The client's address. */
  sourceIp(sourceIp: string): this {
    return this.#option({ sourceIp })
  }

  /** Any other option of the gateway or its events. */
  gatewayOptions(options: GatewayOptions): this {
    return this.#option(options)
  }

  /** Says what the Lambda context is to be: `remainingMs`, `functionName`, `requestId`, `tenantId` and the like. */
  context(context: ContextOptions): this {
    this.spec.gateway.context = { ...this.spec.gateway.context, ...context }
    return this
  }

  /**
   * Runs the handler in a process of its own that loads its module for this request, as a cold start does. The target
   * has to be the module.
   *
   * @example await request(new URL('../handler.ts', import.meta.url)).get('/').cold().expect(200)
   */
  cold(): this {
    this.spec.cold = true
    return this.#lambdaOnly('cold')
  }

  /** Notes which layers of an Express application (5.3 or later, or the shim) the request enters, in `res.trace`. */
  traceLayers(): this {
    this.spec.traced = true
    return this
  }

  /** Claims of a verified token, put where each gateway's own authorizer puts them. */
  claims(claims: Record<string, unknown>): this {
    return this.#identity('claims', { claims })
  }

  /** A JWT authorizer's claims and scopes. */
  jwt(claims: Record<string, unknown>, scopes?: readonly string[]): this {
    return this.#identity('jwt', { jwt: { claims, scopes } })
  }

  /** A Cognito authorizer's claims. */
  cognito(claims: Record<string, unknown>): this {
    return this.#identity('cognito', { cognito: claims })
  }

  /** Who signed the request, where the gateway uses IAM. */
  iam(iam: IamIdentity): this {
    return this.#identity('iam', { iam })
  }

  /** A Lambda authorizer's context. */
  lambdaAuthorizer(context: Record<string, unknown>): this {
    return this.#identity('lambdaAuthorizer', { lambdaAuthorizer: context })
  }

  /** The client's certificate, where the gateway asks for one. */
  mtls(certificate: ClientCertificate = {}): this {
    return this.#identity('mtls', { clientCertificate: certificate })
  }

  /** The API key: `x-api-key` for any target, and its id for the gateway. */
  apiKey(apiKey: string, apiKeyId?: string): this {
    return this.set('x-api-key', apiKey).#option({ apiKey, apiKeyId })
  }

  /** Changes the event before the handler gets it; may return a new one. */
  // biome-ignore lint/suspicious/noExplicitAny: the event's type is that of the gateway the caller chose
  event(change: (event: any) => unknown): this {
    this.spec.gateway.event = change
    return this.#lambdaOnly('event')
  }

  /** Gives the handler this event, whatever the request says. */
  rawEvent(event: unknown): this {
    this.spec.gateway.rawEvent = event
    return this.#lambdaOnly('rawEvent')
  }

  #option(options: GatewayOptions): this {
    this.spec.gateway.options = { ...this.spec.gateway.options, ...options }
    return this
  }

  #identity(name: string, options: GatewayOptions): this {
    return this.#option(options).#lambdaOnly(name)
  }

  #lambdaOnly(name: string): this {
    this.spec.lambdaOnly.push(name)
    return this
  }
}
