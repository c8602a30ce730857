import type { TemplateKind } from '../infrastructure/template.ts'

/** How much a finding matters: an error breaks requests, a warning breaks some, a hint costs. */
export type Severity = 'error' | 'warning' | 'hint'

/** What is the same for every finding of a kind. */
interface Advice {
  readonly severity: Severity
  /** One sentence. */
  readonly why: string
  /** One sentence. */
  readonly fix: string
  /** The lines to paste; a pair has those of a function URL and those of a REST API. */
  readonly lines: Readonly<Partial<Record<TemplateKind, string | readonly [url: string, api: string]>>>
}

/** One line in CloudFormation and SAM. */
const yaml = (lines: string) => ({ sam: lines, cloudformation: lines })

/** Every rule of `expressway deploy-check`. */
export const rules = {
  'handler-name': {
    severity: 'error',
    why: 'Lambda loads the module and calls the export that the handler names: without them each request fails.',
    fix: 'Name the file of the bundle without its extension, a dot, and the export.',
    lines: {
      ...yaml('Handler: handler.handler'),
      cdk: "handler: 'handler.handler',",
      terraform: 'handler = "handler.handler"',
      serverless: 'handler: dist/handler.handler',
    },
  },
  runtime: {
    severity: 'error',
    why: 'Expressway needs Node.js 22 or later, and Lambda blocks updates of functions on older runtimes.',
    fix: 'Choose nodejs24.x.',
    lines: {
      ...yaml('Runtime: nodejs24.x'),
      cdk: 'runtime: Runtime.NODEJS_24_X,',
      terraform: 'runtime = "nodejs24.x"',
      serverless: 'runtime: nodejs24.x',
    },
  },
  'unsent-route': {
    severity: 'error',
    why: 'The gateway answers requests that no route of its own takes with 403 or 404, and the function never sees them.',
    fix: 'Name the path, or send every path.',
    lines: {
      sam: '{event}:\n  Type: {type}\n  Properties:\n    Path: {path}\n    Method: {method}',
      cloudformation: "RouteKey: '{method} {path}'",
      cdk: "api.addRoutes({ path: '{path}', methods: [HttpMethod.{method}], integration })",
      terraform: 'route_key = "{method} {path}"',
      serverless: '- httpApi: {method} {path}',
      openapi: '{path}: { x-amazon-apigateway-any-method: { … } }',
    },
  },
  'unknown-route': {
    severity: 'warning',
    why: 'The function answers such a request with 404, at the price of an invocation.',
    fix: 'Remove the route from the template, or add it to the application.',
    lines: {},
  },
  'streaming-gateway': {
    severity: 'error',
    why: 'The handler streams, and the gateway waits for the whole answer: nothing arrives before its end, and within 6 MB.',
    fix: 'Turn streaming on at the gateway, or export app.handler as handler.',
    lines: {
      sam: ['InvokeMode: RESPONSE_STREAM', 'ResponseTransferMode: STREAM # of each event'],
      cloudformation: [
        'InvokeMode: RESPONSE_STREAM',
        'ResponseTransferMode: STREAM # of each Integration, whose Uri ends with /response-streaming-invocations',
      ],
      cdk: [
        'invokeMode: InvokeMode.RESPONSE_STREAM, // of addFunctionUrl()',
        'responseTransferMode: ResponseTransferMode.STREAM, // of LambdaIntegration',
      ],
      terraform: [
        'invoke_mode = "RESPONSE_STREAM"',
        'uri                    = {function}.response_streaming_invoke_arn\nresponse_transfer_mode = "STREAM"',
      ],
      serverless: ['url: { invokeMode: RESPONSE_STREAM }', 'response: { transferMode: STREAM } # of each http event'],
      openapi: '"responseTransferMode": "STREAM"',
    },
  },
  'buffered-handler': {
    severity: 'error',
    why: 'The gateway streams, and the handler answers whole: the client gets the JSON of the result instead of its body.',
    fix: 'Export app.streamHandler as handler, or turn streaming off at the gateway.',
    lines: {
      sam: ['InvokeMode: BUFFERED', 'ResponseTransferMode: BUFFERED # of each event'],
      cloudformation: [
        'InvokeMode: BUFFERED',
        'ResponseTransferMode: BUFFERED # of each Integration, whose Uri ends with /invocations',
      ],
      cdk: [
        'invokeMode: InvokeMode.BUFFERED, // of addFunctionUrl()',
        'responseTransferMode: ResponseTransferMode.BUFFERED, // of LambdaIntegration',
      ],
      terraform: [
        'invoke_mode = "BUFFERED"',
        'uri                    = {function}.invoke_arn\nresponse_transfer_mode = "BUFFERED"',
      ],
      serverless: ['url: { invokeMode: BUFFERED }', 'response: { transferMode: BUFFERED } # of each http event'],
      openapi: '"responseTransferMode": "BUFFERED"',
    },
  },
  'url-permission': {
    severity: 'error',
    why: 'Since October 2025 a public function URL answers 403 unless the function allows both actions.',
    fix: 'Add the permission that is missing.',
    lines: {
      ...yaml(
        'UrlPermission:\n  Type: AWS::Lambda::Permission\n  Properties:\n    Action: lambda:InvokeFunctionUrl\n    FunctionName: !Ref {function}\n    Principal: "*"\n    FunctionUrlAuthType: NONE\nInvokePermission:\n  Type: AWS::Lambda::Permission\n  Properties:\n    Action: lambda:InvokeFunction\n    FunctionName: !Ref {function}\n    Principal: "*"\n    InvokedViaFunctionUrl: true',
      ),
      cdk: 'fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }) // adds both',
      terraform:
        'resource "aws_lambda_permission" "url" {\n  action                 = "lambda:InvokeFunctionUrl"\n  function_name          = {function}.function_name\n  principal              = "*"\n  function_url_auth_type = "NONE"\n}\n\nresource "aws_lambda_permission" "invoke_by_url" {\n  action                   = "lambda:InvokeFunction"\n  function_name            = {function}.function_name\n  principal                = "*"\n  invoked_via_function_url = true\n}',
    },
  },
  'invoke-permission': {
    severity: 'error',
    why: 'The gateway answers 500 or 502 if the function does not allow it to invoke it.',
    fix: 'Add the permission for the principal of the gateway.',
    lines: {
      ...yaml(
        'GatewayPermission:\n  Type: AWS::Lambda::Permission\n  Properties:\n    Action: lambda:InvokeFunction\n    FunctionName: !Ref {function}\n    Principal: {principal}',
      ),
      cdk: "fn.addPermission('Gateway', { principal: new ServicePrincipal('{principal}') })",
      terraform:
        'resource "aws_lambda_permission" "gateway" {\n  action        = "lambda:InvokeFunction"\n  function_name = {function}.function_name\n  principal     = "{principal}"\n}',
    },
  },
  'binary-media-types': {
    severity: 'warning',
    why: 'A REST API reads bytes as text, both ways: images, compressed answers and uploads arrive damaged.',
    fix: 'Let every type be binary. Text stays text.',
    lines: {
      ...yaml("BinaryMediaTypes: ['*/*']"),
      cdk: "binaryMediaTypes: ['*/*'],",
      terraform: 'binary_media_types = ["*/*"]',
      serverless: "apiGateway: { binaryMediaTypes: ['*/*'] } # of the provider",
      openapi: '"x-amazon-apigateway-binary-media-types": ["*/*"]',
    },
  },
  'multi-value-headers': {
    severity: 'warning',
    why: 'Without multi-value headers a load balancer passes one cookie of an answer on, and the last of equal headers.',
    fix: 'Turn them on at the target group.',
    lines: {
      ...yaml("TargetGroupAttributes:\n  - { Key: lambda.multi_value_headers.enabled, Value: 'true' }"),
      cdk: 'multiValueHeadersEnabled: true, // of ApplicationTargetGroup',
      terraform: 'lambda_multi_value_headers_enabled = true',
      serverless: 'multiValueHeaders: true # of the alb event',
    },
  },
  'time-out': {
    severity: 'warning',
    why: 'The gateway gives up first: the client gets 503 or 504 while the function goes on, and is paid for.',
    fix: 'Let the function end before the gateway does.',
    lines: {
      ...yaml('Timeout: 28'),
      cdk: 'timeout: Duration.seconds(28),',
      terraform: 'timeout = 28',
      serverless: 'timeout: 28',
    },
  },
  'short-time-out': {
    severity: 'warning',
    why: 'A cold start and a slow call to another service together take longer than this.',
    fix: "Set a time-out. Lambda's own is 3 seconds.",
    lines: {
      ...yaml('Timeout: 28'),
      cdk: 'timeout: Duration.seconds(28),',
      terraform: 'timeout = 28',
      serverless: 'timeout: 28',
    },
  },
  memory: {
    severity: 'warning',
    why: 'Memory also sets the share of a CPU, of which 1,769 MB is one: a small function starts and answers slowly.',
    fix: 'Take 256 MB or more.',
    lines: {
      ...yaml('MemorySize: 512'),
      cdk: 'memorySize: 512,',
      terraform: 'memory_size = 512',
      serverless: 'memorySize: 512',
    },
  },
  'cors-twice': {
    severity: 'warning',
    why: 'An HTTP API replaces the CORS headers of the application, and a function URL adds its own to them.',
    fix: 'Keep CORS in one place. In the application it is the same behind every gateway and on this machine.',
    lines: {
      sam: '# Remove CorsConfiguration, or Cors.',
      cloudformation: '# Remove CorsConfiguration, or Cors.',
      cdk: '// Remove corsPreflight, defaultCorsPreflightOptions or cors.',
      terraform: '# Remove cors_configuration, or cors.',
      serverless: '# Remove cors.',
      openapi: '# Remove x-amazon-apigateway-cors.',
    },
  },
  'base-path': {
    severity: 'warning',
    why: 'Behind a custom domain the route $default does not tell the mapping from the path, and the application sees both.',
    fix: 'Name the paths in the template, or let the application take the mapping off.',
    lines: {
      ...yaml("createApp({ stripPrefixes: ['{path}'] })"),
      cdk: "createApp({ stripPrefixes: ['{path}'] })",
      terraform: "createApp({ stripPrefixes: ['{path}'] })",
    },
  },
  'payload-format': {
    severity: 'hint',
    why: 'Events in format 1.0 are larger: each header and query parameter is in them twice.',
    fix: 'Choose format 2.0, which Expressway reads as well.',
    lines: {
      sam: "PayloadFormatVersion: '2.0'",
      cloudformation: "PayloadFormatVersion: '2.0'",
      cdk: 'payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,',
      terraform: 'payload_format_version = "2.0"',
      serverless: "httpApi: { payload: '2.0' } # of the provider",
      openapi: '"payloadFormatVersion": "2.0"',
    },
  },
  'source-maps': {
    severity: 'hint',
    why: 'Without it stacks in the logs name lines of the bundle instead of the sources.',
    fix: 'Deploy the source map beside the bundle, and let Node.js read it.',
    lines: {
      ...yaml('Environment:\n  Variables:\n    NODE_OPTIONS: --enable-source-maps'),
      cdk: "environment: { NODE_OPTIONS: '--enable-source-maps' },",
      terraform: 'environment {\n  variables = {\n    NODE_OPTIONS = "--enable-source-maps"\n  }\n}',
      serverless: 'environment:\n  NODE_OPTIONS: --enable-source-maps',
    },
  },
} as const satisfies Record<string, Advice>

/** The name of a rule, as findings show it in brackets. */
export type Rule = keyof typeof rules

/** One thing that the template forgets, or that it and the application do not agree on. */
export interface Finding {
  readonly rule: Rule
  readonly severity: Severity
  readonly what: string
  readonly why: string
  readonly fix: string
  /** The lines to paste, in the template's language; empty if there are none. */
  readonly lines: string
}

/**
 * A finding with the advice of its rule.
 * @param values what `{name}` in its lines stands for; `gateway` chooses one of a pair
 */
export function finding(
  rule: Rule,
  kind: TemplateKind,
  what: string,
  values: Readonly<Record<string, string>> = {},
): Finding {
  const { severity, why, fix, lines }: Advice = rules[rule]
  const chosen = lines[kind] ?? ''
  const text = typeof chosen === 'string' ? chosen : (chosen[gatewaysOfPair.indexOf(values['gateway'] ?? '')] ?? '')
  return {
    rule,
    severity,
    what,
    why,
    fix,
    lines: text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole),
  }
}

const gatewaysOfPair = ['function-url', 'rest-api']
