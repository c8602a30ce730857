import {
  type Deployed,
  type DeployedFunction,
  type DeployedGateway,
  isNumber,
  isText,
  isTextList,
  memberOf,
} from './deployed.ts'
import { type Resource, Resources } from './resources.ts'
import { isRecord, records } from './sent.ts'

type Properties = Readonly<Record<string, unknown>>

/** A function and its gateways, as a CloudFormation or SAM template describes them. */
export function deployedByTemplate(template: Properties, target: string | undefined): Deployed {
  return new Reader(template, target).read()
}

class Reader {
  readonly #resources: Resources
  readonly #globals: Properties
  readonly #target: string | undefined

  constructor(template: Properties, target: string | undefined) {
    this.#resources = new Resources(template)
    this.#globals = isRecord(template['Globals']) ? template['Globals'] : {}
    this.#target = target
  }

  read(): Deployed {
    const resource = this.#target === undefined ? undefined : this.#resources.get(this.#target)
    const gateways = [
      ...(resource?.type === 'AWS::Serverless::Function' ? this.#samGateways(resource) : []),
      ...this.#urls(),
      ...this.#restApis(),
      ...this.#httpApis(),
      ...this.#targetGroups(),
    ]
    return { function: resource && this.#function(resource), gateways }
  }

  #isTarget(value: unknown): boolean {
    return this.#resources.targetOf(value) === this.#target
  }

  /** With SAM's Globals below. */
  #withGlobals({ type, properties }: Resource): Properties {
    const section = {
      'AWS::Serverless::Function': 'Function',
      'AWS::Serverless::Api': 'Api',
      'AWS::Serverless::HttpApi': 'HttpApi',
    }[type]
    return { ...(section === undefined ? {} : Object(this.#globals[section])), ...properties }
  }

  #function(resource: Resource): DeployedFunction {
    const properties = this.#withGlobals(resource)
    const own = Object(resource.properties['Environment']).Variables
    const variables = { ...Object(Object(this.#globals['Function']).Environment).Variables, ...Object(own) }
    const asset = resource.metadata['aws:asset:path']
    const builds = resource.metadata['BuildMethod'] !== undefined
    return {
      name: resource.name,
      runtime: memberOf(properties, 'Runtime', isText, undefined),
      handler: memberOf(properties, 'Handler', isText, undefined),
      memoryMb: memberOf(properties, 'MemorySize', isNumber, 128),
      timeoutSeconds: memberOf(properties, 'Timeout', isNumber, 3),
      environment: own === undefined || isRecord(own) ? variables : undefined,
      folder: builds ? undefined : [asset, properties['CodeUri'], properties['Code']].find(isText),
    }
  }

  // SAM adds the permissions of its events and of a public URL itself.
  #samGateways(resource: Resource): DeployedGateway[] {
    const { FunctionUrlConfig: url } = this.#withGlobals(resource)
    const events = records(resource.properties['Events']).map(([name, { Type, Properties }]) => ({
      place: `${resource.name}, ${name}`,
      type: Type,
      properties: Object(Properties) as Properties,
    }))
    const rest = this.#byApi(
      events.filter(({ type }) => type === 'Api'),
      'RestApiId',
    ).map(({ api, uses }) => ({
      kind: 'rest-api' as const,
      place: api?.name ?? uses[0]!.place,
      ...this.#restApi(api, 'Api'),
      ...transfer(uses.map(({ properties }) => properties)),
      missingPermissions: [],
    }))
    const http = this.#byApi(
      events.filter(({ type }) => type === 'HttpApi'),
      'ApiId',
    ).map(({ api, uses }) => ({
      kind: 'http-api' as const,
      place: api?.name ?? uses[0]!.place,
      ...this.#httpApi(api, 'HttpApi'),
      payloadFormat: lowest(uses.map(({ properties }) => memberOf(properties, 'PayloadFormatVersion', isText, '2.0'))),
      missingPermissions: [],
    }))
    const urls = isRecord(url) ? [this.#url(`${resource.name}, FunctionUrlConfig`, url, [])] : []
    return [...urls, ...rest, ...http]
  }

  #urls(): DeployedGateway[] {
    return this.#resources
      .ofType('AWS::Lambda::Url')
      .filter(({ properties }) => this.#isTarget(properties['TargetFunctionArn']))
      .map(({ name, properties }) => this.#url(name, properties, this.#missingOfUrl(properties)))
  }

  #url(place: string, properties: Properties, missingPermissions: readonly string[]): DeployedGateway {
    const mode = memberOf(properties, 'InvokeMode', isText, 'BUFFERED')
    const streams = mode === undefined ? undefined : mode === 'RESPONSE_STREAM'
    return {
      kind: 'function-url',
      place,
      streams,
      limitSeconds: 900,
      cors: isRecord(properties['Cors']),
      missingPermissions,
    }
  }

  // Since October 2025 a public URL needs both: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
  #missingOfUrl({ AuthType }: Properties): string[] {
    if (AuthType !== 'NONE') return []
    const granted = this.#permissions()
    const byUrl = granted.some(({ Action }) => covers(Action, 'lambda:InvokeFunctionUrl'))
    const invoke = granted.some(
      ({ Action, InvokedViaFunctionUrl: via }) => covers(Action, 'lambda:InvokeFunction') && String(via) === 'true',
    )
    return [...(byUrl ? [] : ['lambda:InvokeFunctionUrl']), ...(invoke ? [] : ['lambda:InvokeFunction'])]
  }

  #permissions(): Properties[] {
    return this.#resources
      .ofType('AWS::Lambda::Permission')
      .map(({ properties }) => properties)
      .filter(({ FunctionName }) => this.#isTarget(FunctionName))
  }

  #missingOf(principal: string): string[] {
    const isGranted = this.#permissions().some(
      ({ Action, Principal }) => Principal === principal && covers(Action, 'lambda:InvokeFunction'),
    )
    return isGranted ? [] : ['lambda:InvokeFunction']
  }

  #restApis(): DeployedGateway[] {
    const missingPermissions = this.#missingOf('apigateway.amazonaws.com')
    const methods = this.#resources
      .ofType('AWS::ApiGateway::Method')
      .filter(({ properties }) => this.#isTarget(properties['Integration']))
      .map(({ name, properties }) => ({ place: name, properties }))
    const byMethods = this.#byApi(methods, 'RestApiId').map(({ api, uses }) => ({
      kind: 'rest-api' as const,
      place: api?.name ?? uses[0]!.place,
      ...this.#restApi(api),
      ...transfer(uses.map(({ properties }) => Object(properties['Integration']))),
      missingPermissions,
    }))
    const described = this.#resources.ofType('AWS::ApiGateway::RestApi', 'AWS::Serverless::Api').flatMap((api) => {
      const integrations = this.#integrationsOf(api)
      if (integrations.length === 0) return []
      const common = this.#restApi(api, api.type === 'AWS::Serverless::Api' ? 'Api' : undefined)
      return [{ kind: 'rest-api' as const, place: api.name, ...common, ...transfer(integrations), missingPermissions }]
    })
    return [...byMethods, ...described]
  }

  #restApi(api: Resource | undefined, section?: string): Partial<DeployedGateway> {
    const properties = api === undefined ? Object(section && this.#globals[section]) : this.#withGlobals(api)
    const body = Object(properties['Body'] ?? properties['DefinitionBody'])
    const types = properties['BinaryMediaTypes'] ?? body['x-amazon-apigateway-binary-media-types'] ?? []
    const preflights = this.#resources
      .ofType('AWS::ApiGateway::Method')
      .some(
        ({ properties: method }) => Object(method['Integration']).Type === 'MOCK' && method['HttpMethod'] === 'OPTIONS',
      )
    return {
      // SAM writes ~1 for a slash.
      binaryMediaTypes: isTextList(types) ? types.map((type) => type.replace('~1', '/')) : undefined,
      cors: properties['Cors'] !== undefined || preflights,
      basePaths: this.#mappings('AWS::ApiGateway::BasePathMapping', 'RestApiId', 'BasePath', api),
    }
  }

  #httpApis(): DeployedGateway[] {
    const missingPermissions = this.#missingOf('apigateway.amazonaws.com')
    const integrations = this.#resources
      .ofType('AWS::ApiGatewayV2::Integration')
      .filter(({ properties }) => this.#isTarget(properties['IntegrationUri']))
      .map(({ name, properties }) => ({ place: name, properties }))
    const byIntegrations = this.#byApi(integrations, 'ApiId').map(({ api, uses }) => ({
      kind: 'http-api' as const,
      place: api?.name ?? uses[0]!.place,
      ...this.#httpApi(api),
      payloadFormat: lowest(uses.map(({ properties }) => memberOf(properties, 'PayloadFormatVersion', isText, '1.0'))),
      missingPermissions,
    }))
    const described = this.#resources.ofType('AWS::ApiGatewayV2::Api', 'AWS::Serverless::HttpApi').flatMap((api) => {
      const found = this.#integrationsOf(api)
      if (found.length === 0) return []
      const payloadFormat = lowest(found.map((each) => memberOf(each, 'payloadFormatVersion', isText, '1.0')))
      return [{ kind: 'http-api' as const, place: api.name, ...this.#httpApi(api), payloadFormat, missingPermissions }]
    })
    return [...byIntegrations, ...described]
  }

  #httpApi(api: Resource | undefined, section?: string): Partial<DeployedGateway> {
    const properties = api === undefined ? Object(section && this.#globals[section]) : this.#withGlobals(api)
    return {
      streams: false,
      limitSeconds: 30,
      cors: properties['CorsConfiguration'] !== undefined,
      basePaths: this.#mappings('AWS::ApiGatewayV2::ApiMapping', 'ApiId', 'ApiMappingKey', api),
    }
  }

  /** Integrations with the function in an API's own OpenAPI document. */
  #integrationsOf({ properties }: Resource): Properties[] {
    const body = properties['Body'] ?? properties['DefinitionBody']
    const operations = records(Object(body)['paths']).flatMap(([, item]) => records(item))
    return operations
      .map(([, operation]) => operation['x-amazon-apigateway-integration'])
      .filter((integration): integration is Properties => isRecord(integration) && this.#isTarget(integration['uri']))
  }

  #targetGroups(): DeployedGateway[] {
    const missingPermissions = this.#missingOf('elasticloadbalancing.amazonaws.com')
    return this.#resources
      .ofType('AWS::ElasticLoadBalancingV2::TargetGroup')
      .filter(({ properties }) => this.#target !== undefined && this.#isTarget(properties['Targets']))
      .map(({ name, properties }) => {
        const attributes = [properties['TargetGroupAttributes'] ?? []].flat() as { Key?: unknown; Value?: unknown }[]
        const multi = attributes.find(({ Key }) => Key === 'lambda.multi_value_headers.enabled')?.Value
        const multiValueHeaders = String(multi) === 'true'
        return { kind: 'alb', place: name, streams: false, multiValueHeaders, missingPermissions }
      })
  }

  /** Uses of APIs, by the API that a member names. */
  #byApi<Use extends { readonly properties: Properties }>(uses: readonly Use[], member: string) {
    const apis = new Map<string, { api: Resource | undefined; uses: Use[] }>()
    for (const use of uses) {
      const [name = ''] = this.#resources.referencesIn(use.properties[member])
      const known = apis.get(name)
      if (known === undefined) apis.set(name, { api: this.#resources.get(name), uses: [use] })
      else known.uses.push(use)
    }
    return [...apis.values()]
  }

  #mappings(type: string, reference: string, key: string, api: Resource | undefined): string[] {
    const mappings = this.#resources
      .ofType(type)
      .filter(
        ({ properties }) => api !== undefined && this.#resources.referencesIn(properties[reference]).includes(api.name),
      )
    const domain = Object(api?.properties['Domain']).BasePath
    return [...mappings.map(({ properties }) => properties[key]), ...[domain ?? []].flat()]
      .filter((path): path is string => isText(path) && path !== '' && path !== '(none)' && path !== '/')
      .map((path) => (path.startsWith('/') ? path : `/${path}`))
  }
}

/** How a REST API passes answers on: the members are CloudFormation's, or a document's. */
function transfer(integrations: readonly Properties[]): Pick<DeployedGateway, 'streams' | 'limitSeconds'> {
  const modes = integrations.map((each) => each['ResponseTransferMode'] ?? each['responseTransferMode'] ?? 'BUFFERED')
  const limits = integrations.map((each) => each['TimeoutInMillis'] ?? each['timeoutInMillis'] ?? 29_000)
  return {
    streams: modes.every(isText) ? modes.every((mode) => mode === 'STREAM') : undefined,
    limitSeconds: limits.every(isNumber) ? Math.min(...limits) / 1000 : undefined,
  }
}

const lowest = (formats: readonly (string | undefined)[]): string | undefined =>
  formats.some((format) => format === undefined) ? undefined : [...formats].sort()[0]

/** Whether an action, which may have a wildcard, includes another. */
const covers = (action: unknown, wanted: string): boolean =>
  action === wanted || action === '*' || action === 'lambda:*' || action === 'lambda:Invoke*'
