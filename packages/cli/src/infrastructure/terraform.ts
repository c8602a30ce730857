import { isRecord, records } from './sent.ts'

type Block = Readonly<Record<string, unknown>>

/** A Terraform resource: its address, and its arguments with references as CloudFormation writes them. */
interface Resource {
  readonly address: string
  readonly type: string
  readonly block: Block
}

/**
 * A Terraform configuration as a CloudFormation template with the resources that lead requests to functions. A resource is
 * named by its address, such as `aws_lambda_function.app`.
 * @param configuration as hcl2json writes it, and as a `.tf.json` file has it. The names of resources and arguments
 * are those of Terraform's AWS provider.
 */
export function fromTerraform(configuration: Record<string, unknown>): Record<string, unknown> {
  return new Configuration(configuration).template()
}

class Configuration {
  readonly #resources: Resource[] = []
  readonly #values = new Map<string, unknown>()
  readonly #folders = new Map<string, string>()
  readonly #providerVersion: string

  constructor(configuration: Record<string, unknown>) {
    const [providers] = blocks(
      blocks(configuration['terraform']).find((block) => 'required_providers' in block)?.['required_providers'],
    )
    this.#providerVersion = String(Object(providers?.['aws']).version ?? '')
    for (const [name, value] of blocks(configuration['locals']).flatMap((block) => Object.entries(block)))
      this.#values.set(`local.${name}`, value)
    for (const [name, variable] of Object.entries(Object(configuration['variable'])))
      this.#values.set(`var.${name}`, blocks(variable)[0]?.['default'])
    for (const [name, archive] of Object.entries(Object(Object(configuration['data'])['archive_file'])))
      this.#folders.set(`data.archive_file.${name}`, String(blocks(archive)[0]?.['source_dir'] ?? ''))
    const found = records(configuration['resource']).flatMap(([type, named]) =>
      Object.entries(named).map(([name, value]) => ({
        type,
        address: `${type}.${name}`,
        written: blocks(value)[0] ?? {},
      })),
    )
    const addresses = new Set(found.map(({ address }) => address))
    for (const { type, address, written } of found)
      this.#resources.push({ type, address, block: this.#resolve(written, addresses) as Block })
  }

  template(): Record<string, unknown> {
    const entries = this.#resources.flatMap((resource) => {
      const made = this.#convert(resource)
      return made.map((each, index) => [resource.address + (index === 0 ? '' : `[${index}]`), each] as const)
    })
    return { Resources: Object.fromEntries(entries) }
  }

  /** Locals, defaults of variables, and references. */
  #resolve(value: unknown, addresses: ReadonlySet<string>): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item, addresses))
    if (isRecord(value))
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#resolve(inner, addresses)]))
    if (typeof value !== 'string') return value
    const whole = /^\$\{((?:local|var)\.\w+)\}$/.exec(value)?.[1]
    const known = whole === undefined ? undefined : this.#values.get(whole)
    if (known !== undefined) return known
    const parts = value.split(/(\$\{[^}]*\})/).filter((part) => part !== '')
    const made = parts.map((part) => {
      const [, address, attribute] = /^\$\{([a-z]\w+\.\w+)(?:\[[^\]]*\])?\.(\w+)/.exec(part) ?? []
      if (address === undefined || !addresses.has(address)) return part
      return attribute === 'root_resource_id' ? { 'Fn::GetAtt': [address, 'RootResourceId'] } : { Ref: address }
    })
    if (made.every((part) => typeof part === 'string')) return value
    return made.length === 1 ? made[0] : { 'Fn::Join': ['', made] }
  }

  #convert({ type, block, address }: Resource): object[] {
    const resource = (name: string, Properties: object) => [{ Type: `AWS::${name}`, Properties }]
    const inner = (name: string): Block | undefined => blocks(block[name])[0]
    if (type === 'aws_lambda_function') {
      return resource('Lambda::Function', {
        ...pascal(block, ['handler', 'runtime', 'memory_size', 'timeout']),
        Environment: { Variables: inner('environment')?.['variables'] ?? {} },
        Code: this.#folder(String(block['filename'])),
      })
    }
    if (type === 'aws_lambda_alias') return resource('Lambda::Alias', pascal(block, ['function_name']))
    if (type === 'aws_lambda_permission') {
      const names = ['action', 'function_name', 'principal', 'function_url_auth_type', 'invoked_via_function_url']
      return resource('Lambda::Permission', pascal(block, names))
    }
    if (type === 'aws_lambda_function_url') {
      const { function_name: TargetFunctionArn, authorization_type: AuthType } = block
      const Cors = inner('cors')
      const properties = { TargetFunctionArn, AuthType, ...pascal(block, ['invoke_mode']), ...(Cors && { Cors }) }
      const granted = AuthType === 'NONE' ? this.#grantedByProvider(TargetFunctionArn) : []
      return [
        ...resource('Lambda::Url', properties),
        ...granted.flatMap((each) => resource('Lambda::Permission', each)),
      ]
    }
    if (type === 'aws_api_gateway_rest_api')
      return resource('ApiGateway::RestApi', pascal(block, ['binary_media_types']))
    if (type === 'aws_api_gateway_resource')
      return resource('ApiGateway::Resource', pascal(block, ['rest_api_id', 'parent_id', 'path_part']))
    if (type === 'aws_api_gateway_method') {
      const names = ['type', 'uri', 'response_transfer_mode']
      const { timeout_milliseconds: TimeoutInMillis, ...integration } = this.#integrationOf(address, block)
      return resource('ApiGateway::Method', {
        ...pascal(block, ['rest_api_id', 'resource_id', 'http_method']),
        Integration: { ...pascal(integration, names), TimeoutInMillis },
      })
    }
    if (type === 'aws_api_gateway_base_path_mapping') {
      const { api_id: RestApiId } = block
      return resource('ApiGateway::BasePathMapping', { RestApiId, ...pascal(block, ['base_path']) })
    }
    if (type === 'aws_apigatewayv2_api') {
      const CorsConfiguration = inner('cors_configuration')
      return resource('ApiGatewayV2::Api', CorsConfiguration === undefined ? {} : { CorsConfiguration })
    }
    if (type === 'aws_apigatewayv2_integration')
      return resource(
        'ApiGatewayV2::Integration',
        pascal(block, ['api_id', 'integration_uri', 'payload_format_version']),
      )
    if (type === 'aws_apigatewayv2_route') {
      const properties = pascal(block, ['api_id', 'route_key', 'target'])
      const keys = block['route_key'] === eachValue ? this.#each(block['for_each']) : [block['route_key']]
      return keys.flatMap((RouteKey) => resource('ApiGatewayV2::Route', { ...properties, RouteKey }))
    }
    if (type === 'aws_apigatewayv2_api_mapping')
      return resource('ApiGatewayV2::ApiMapping', pascal(block, ['api_id', 'api_mapping_key']))
    if (/^aws_a?lb_target_group$/.test(type)) {
      const multi = block['lambda_multi_value_headers_enabled']
      const attached = this.#resources.filter(
        (each) =>
          /^aws_a?lb_target_group_attachment$/.test(each.type) && refersTo(each.block['target_group_arn'], address),
      )
      return resource('ElasticLoadBalancingV2::TargetGroup', {
        TargetType: block['target_type'],
        Targets: attached.map((each) => ({ Id: each.block['target_id'] })),
        TargetGroupAttributes: multi === undefined ? [] : [{ Key: 'lambda.multi_value_headers.enabled', Value: multi }],
      })
    }
    if (/^aws_a?lb_listener$/.test(type))
      return resource('ElasticLoadBalancingV2::Listener', { DefaultActions: block['default_action'] })
    if (/^aws_a?lb_listener_rule$/.test(type)) {
      return resource('ElasticLoadBalancingV2::ListenerRule', {
        Actions: block['action'],
        Conditions: blocks(block['condition']).flatMap((condition) =>
          ['path_pattern', 'http_request_method'].flatMap((field) =>
            blocks(condition[field]).map(({ values }) => ({ Field: field.replaceAll('_', '-'), Values: values })),
          ),
        ),
      })
    }
    return []
  }

  /** The permissions that the provider adds to a public URL: the second one from 6.28 on (its change log). */
  #grantedByProvider(FunctionName: unknown): object[] {
    const both = { FunctionName, Principal: '*' }
    const byUrl = { ...both, Action: 'lambda:InvokeFunctionUrl' }
    if (/^(?:~>|=)?\s*[0-5]\./.test(this.#providerVersion)) return [byUrl]
    return [byUrl, { ...both, Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }]
  }

  /** The integration of a method, which names it by reference or by the same resource and HTTP method. */
  #integrationOf(address: string, method: Block): Block {
    const found = this.#resources.find(
      ({ type, block }) =>
        type === 'aws_api_gateway_integration' &&
        (refersTo(block['http_method'], address) ||
          refersTo(block['resource_id'], address) ||
          ['resource_id', 'http_method'].every((name) => JSON.stringify(block[name]) === JSON.stringify(method[name]))),
    )
    return found?.block ?? {}
  }

  /** The texts of a `for_each`, which hcl2json leaves as an expression. */
  #each(expression: unknown): unknown[] {
    const text = String(expression)
    const local = /local\.\w+/.exec(text)?.[0]
    if (local !== undefined) return [this.#values.get(local) ?? []].flat()
    return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, value]) => value)
  }

  /** The folder that a function's archive is made of, from the configuration's folder. */
  #folder(filename: string): string | undefined {
    const archive = /^\$\{(data\.archive_file\.\w+)\./.exec(filename)?.[1]
    const folder = archive === undefined ? undefined : this.#folders.get(archive)
    return folder?.replace(/^\$\{path\.module\}\//, '')
  }
}

/** How hcl2json leaves `each.value`. */
const eachValue = `\${each.value}`

/** Blocks are lists in hcl2json, and may be single in JSON syntax. */
const blocks = (value: unknown): Block[] => [value ?? []].flat().filter(isRecord)

const refersTo = (value: unknown, address: string): boolean => JSON.stringify(value ?? '').includes(`"${address}"`)

/** The arguments of these names that are there: `memory_size` as `MemorySize`. */
const pascal = (block: Block, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    names
      .filter((name) => block[name] !== undefined && block[name] !== null)
      .map((name) => [name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase()), block[name]]),
  )
