import { sentByDocument } from './openapi.ts'
import { attributeOf, Resources } from './resources.ts'
import {
  everyPath,
  fromPathPattern,
  isRecord,
  records,
  type Sent,
  type SentList,
  toMethod,
  toMethodAndPath,
  toPath,
} from './sent.ts'

/** What a CloudFormation or SAM template sends to its functions; the CDK writes such templates too. */
export function sentByTemplate(template: Record<string, unknown>): SentList {
  return new Template(template).read()
}

class Template {
  readonly #list: SentList = { sent: [], warnings: [] }
  readonly #resources: Resources
  readonly #globals: Record<string, unknown>

  constructor(template: Record<string, unknown>) {
    this.#resources = new Resources(template)
    const globals = isRecord(template['Globals']) ? template['Globals']['Function'] : undefined
    this.#globals = isRecord(globals) ? globals : {}
  }

  read(): SentList {
    for (const { name, type, properties } of this.#resources) {
      if (type === 'AWS::Serverless::Function') this.#samFunction(name, properties)
      else if (type === 'AWS::Lambda::Url')
        this.#add(name, everyRequest, this.#resources.targetOf(properties['TargetFunctionArn']))
      else if (type === 'AWS::ApiGateway::Method') this.#method(name, properties)
      else if (type === 'AWS::ApiGatewayV2::Route') this.#route(name, properties)
      else if (type === 'AWS::ElasticLoadBalancingV2::ListenerRule') this.#rule(name, properties)
      else if (type === 'AWS::ElasticLoadBalancingV2::Listener') this.#listener(name, properties)
      else if (/^AWS::(ApiGateway::RestApi|ApiGatewayV2::Api|Serverless::(Http)?Api)$/.test(type))
        this.#api(name, properties)
    }
    return this.#list
  }

  #add(place: string, sent: Pick<Sent, 'method' | 'path'>, target: string | undefined): void {
    this.#list.sent.push({ ...sent, place, target })
  }

  // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
  #samFunction(name: string, properties: Record<string, unknown>): void {
    if (properties['FunctionUrlConfig'] ?? this.#globals['FunctionUrlConfig']) {
      this.#add(`${name}, FunctionUrlConfig`, everyRequest, name)
    }
    for (const [event, { Type, Properties }] of records(properties['Events'])) {
      if (Type !== 'Api' && Type !== 'HttpApi') continue
      const { Path, Method } = (Properties ?? {}) as { Path?: unknown; Method?: unknown }
      // An HTTP API's event without a path is its $default route.
      const path = Path === undefined ? everyPath : toPath(Path)
      this.#add(`${name}, ${event}`, { method: toMethod(Method), path }, name)
    }
  }

  #method(name: string, { HttpMethod, ResourceId, Integration }: Record<string, unknown>): void {
    // The answer to a preflight, which no function sees.
    if (isRecord(Integration) && Integration['Type'] === 'MOCK') return
    const path = this.#pathOf(ResourceId)
    if (path === undefined) {
      this.#list.warnings.push(`${name}: its resource is not in the template; left out`)
      return
    }
    this.#add(
      name,
      { method: toMethod(HttpMethod), path: path === '' ? '/' : path },
      this.#resources.targetOf(Integration),
    )
  }

  /** The path of a REST API's resource: `''` for the root. */
  #pathOf(reference: unknown, seen: readonly string[] = []): string | undefined {
    if (isRecord(reference) && 'Fn::GetAtt' in reference) {
      const [, attribute] = attributeOf(reference['Fn::GetAtt'])
      return attribute === 'RootResourceId' ? '' : undefined
    }
    const name = isRecord(reference) ? String(reference['Ref']) : ''
    const resource = this.#resources.get(name)
    if (resource?.type !== 'AWS::ApiGateway::Resource' || seen.includes(name)) return undefined
    const parent = this.#pathOf(resource.properties['ParentId'], [...seen, name])
    return parent === undefined ? undefined : `${parent}/${resource.properties['PathPart']}`
  }

  #route(name: string, { RouteKey, Target }: Record<string, unknown>): void {
    // Keys of WebSocket APIs are no paths.
    if (typeof RouteKey !== 'string' || (RouteKey !== '$default' && !/^\S+ \//.test(RouteKey))) return
    const [integration] = this.#resources.referencesIn(Target)
    const { properties } = (integration && this.#resources.get(integration)) || {}
    this.#add(name, toMethodAndPath(RouteKey), this.#resources.targetOf(properties))
  }

  #api(name: string, properties: Record<string, unknown>): void {
    const body = properties['Body'] ?? properties['DefinitionBody']
    if (isRecord(body)) {
      const { sent, warnings } = sentByDocument(body, name, (integration) => this.#resources.targetOf(integration))
      if (sent.length === 0 && 'Fn::Transform' in body) warnings.push(elsewhere(name))
      this.#list.sent.push(...sent)
      this.#list.warnings.push(...warnings)
    } else if (['BodyS3Location', 'DefinitionUri'].some((member) => properties[member] !== undefined)) {
      this.#list.warnings.push(elsewhere(name))
    }
  }

  #listener(name: string, { DefaultActions }: Record<string, unknown>): void {
    const target = this.#forwarded(DefaultActions)
    if (target !== undefined) this.#add(name, everyRequest, target)
  }

  #rule(name: string, { Conditions, Actions }: Record<string, unknown>): void {
    const target = this.#forwarded(Actions)
    if (target === undefined || !Array.isArray(Conditions)) return
    const [paths = ['*'], methods = ['ANY']] = ['path-pattern', 'http-request-method'].map((field) =>
      valuesOf(Conditions.find((condition) => condition?.Field === field)),
    )
    for (const pattern of paths) {
      const path = fromPathPattern(pattern)
      if (path === undefined)
        this.#list.warnings.push(`${name}: the pattern ${pattern} matches parts of segments; left out`)
      else for (const method of methods) this.#add(name, { method: toMethod(method), path }, target)
    }
  }

  /** The function behind the target group that a load balancer forwards to. */
  #forwarded(actions: unknown): string | undefined {
    for (const name of this.#resources.referencesIn(actions)) {
      const { type, properties } = this.#resources.get(name)!
      if (type === 'AWS::ElasticLoadBalancingV2::TargetGroup') return this.#resources.targetOf(properties['Targets'])
    }
    return undefined
  }
}

const everyRequest = { method: 'ANY', path: everyPath } as const

const elsewhere = (name: string): string =>
  `${name}: its OpenAPI document is in another file; left out: check against that file`

/** Values of a condition, in its older and its newer form. */
function valuesOf(condition: Record<string, unknown> | undefined): string[] | undefined {
  if (condition === undefined) return undefined
  const config = condition['PathPatternConfig'] ?? condition['HttpRequestMethodConfig'] ?? condition
  return (config as { Values?: string[] }).Values
}
