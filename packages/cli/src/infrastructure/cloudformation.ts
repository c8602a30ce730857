import { sentByDocument } from './openapi.ts'
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

interface Resource {
  readonly type: string
  readonly properties: Record<string, unknown>
}

/** What a CloudFormation or SAM template sends to its functions; the CDK writes such templates too. */
export function sentByTemplate(template: Record<string, unknown>): SentList {
  return new Template(template).read()
}

class Template {
  readonly #list: SentList = { sent: [], warnings: [] }
  readonly #resources = new Map<string, Resource>()
  readonly #globals: Record<string, unknown>

  constructor(template: Record<string, unknown>) {
    for (const [name, { Type, Properties }] of records(template['Resources'])) {
      this.#resources.set(name, { type: String(Type), properties: isRecord(Properties) ? Properties : {} })
    }
    const globals = isRecord(template['Globals']) ? template['Globals']['Function'] : undefined
    this.#globals = isRecord(globals) ? globals : {}
  }

  read(): SentList {
    for (const [name, { type, properties }] of this.#resources) {
      if (type === 'AWS::Serverless::Function') this.#samFunction(name, properties)
      else if (type === 'AWS::Lambda::Url')
        this.#add(name, everyRequest, this.#targetOf(properties['TargetFunctionArn']))
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
    this.#add(name, { method: toMethod(HttpMethod), path: path === '' ? '/' : path }, this.#targetOf(Integration))
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
    const [integration] = this.#referencesIn(Target)
    const { properties } = (integration && this.#resources.get(integration)) || {}
    this.#add(name, toMethodAndPath(RouteKey), this.#targetOf(properties))
  }

  #api(name: string, properties: Record<string, unknown>): void {
    const body = properties['Body'] ?? properties['DefinitionBody']
    if (isRecord(body)) {
      const { sent, warnings } = sentByDocument(body, name, (integration) => this.#targetOf(integration))
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
    for (const name of this.#referencesIn(actions)) {
      const { type, properties } = this.#resources.get(name)!
      if (type === 'AWS::ElasticLoadBalancingV2::TargetGroup') return this.#targetOf(properties['Targets'])
    }
    return undefined
  }

  /** The function that a value names, itself or through an alias or a version. */
  #targetOf(value: unknown): string | undefined {
    for (const name of this.#referencesIn(value)) {
      const { type, properties } = this.#resources.get(name)!
      if (type === 'AWS::Lambda::Function' || type === 'AWS::Serverless::Function') return name
      if (type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Version')
        return this.#targetOf(properties['FunctionName'])
    }
    return undefined
  }

  /** Names of resources that a value refers to, by Ref, GetAtt or within Sub. */
  #referencesIn(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.#referencesIn(item))
    if (typeof value === 'string') {
      const names = [...value.matchAll(/\$\{(\w+)[.}]/g)].map(([, name]) => name!)
      return names.filter((name) => this.#resources.has(name))
    }
    if (!isRecord(value)) return []
    return Object.entries(value).flatMap(([key, inner]) => {
      const name = key === 'Ref' ? String(inner) : key === 'Fn::GetAtt' ? attributeOf(inner)[0] : undefined
      if (name === undefined) return this.#referencesIn(inner)
      return this.#resources.has(name) ? [name] : []
    })
  }
}

const everyRequest = { method: 'ANY', path: everyPath } as const

const elsewhere = (name: string): string =>
  `${name}: its OpenAPI document is in another file; left out: check against that file`

const attributeOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : String(value).split('.'))

/** Values of a condition, in its older and its newer form. */
function valuesOf(condition: Record<string, unknown> | undefined): string[] | undefined {
  if (condition === undefined) return undefined
  const config = condition['PathPatternConfig'] ?? condition['HttpRequestMethodConfig'] ?? condition
  return (config as { Values?: string[] }).Values
}
