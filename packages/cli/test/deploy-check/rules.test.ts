import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CheckedModule, checkDeployment } from '../../src/deploy-check/check.ts'
import { type Rule, rules } from '../../src/deploy-check/rules.ts'
import { deployedBy } from '../../src/infrastructure/deployment.ts'
import { readTemplate, sentBy } from '../../src/infrastructure/template.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'expressway-deploy-check-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

type Kind = 'yaml' | 'tf' | 'json'

interface Facts {
  streams?: boolean
  exportName?: string
  routes?: readonly string[]
  written?: CheckedModule['written']
  missingModule?: string
}

/** The findings of a template for a module. */
async function check(
  text: string,
  { streams = false, exportName = 'handler', routes, written = {}, missingModule }: Facts,
  kind: Kind,
) {
  const file = join(folder, `template.${kind}`)
  writeFileSync(file, text)
  const template = await readTemplate(file)
  const { sent, target } = sentBy(template, undefined)
  const listed = routes?.map((route) => {
    const [method = '', path = ''] = route.split(' ')
    return { method, path, templates: [path.replace(/:(\w+)/g, '{$1}')], contract: false, handlers: [] }
  })
  const module: CheckedModule = {
    name: 'src/handler.ts',
    handlers: { [exportName]: { streams } },
    written,
    ...(listed && { listing: { routes: listed, mounts: [], warnings: [] } }),
  }
  return checkDeployment({
    kind: template.kind,
    deployed: deployedBy(template, target),
    sent,
    modules: [module],
    handlerModule: module,
    missingModule,
  })
}

const good = {
  runtime: 'nodejs24.x',
  handler: 'handler.handler',
  memory: '512',
  timeout: '28',
  options: '--enable-source-maps',
}

/** A SAM template with a function and events. */
const sam = (events: string, given: Partial<typeof good> = {}, more = ''): string => {
  const { runtime, handler, memory, timeout, options } = { ...good, ...given }
  return `Transform: AWS::Serverless-2016-10-31
Resources:
  App:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: ${runtime}
      Handler: ${handler}
      MemorySize: ${memory}
      Timeout: ${timeout}
      Environment: { Variables: { NODE_OPTIONS: ${options} } }
      ${events}
${more}`
}

/** A CloudFormation template with a function and other resources. */
const plain = (resources: string): string => `Resources:
  App:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: handler.handler
      MemorySize: 512
      Timeout: 28
      Environment: { Variables: { NODE_OPTIONS: --enable-source-maps } }
${resources}`

const everything = 'Events: { All: { Type: HttpApi } }'
const event = (properties: string) => `Events: { All: { Type: HttpApi, Properties: { ${properties} } } }`
const restEvent = (properties = '') =>
  `Events: { All: { Type: Api, Properties: { Path: '/{proxy+}', Method: ANY, RestApiId: !Ref Api${properties} } } }`
const restApi = (properties: string) =>
  `  Api: { Type: AWS::Serverless::Api, Properties: { StageName: prod${properties} } }`
const allTypes = ", BinaryMediaTypes: ['*~1*']"

const url = (
  mode: string,
) => `  Url: { Type: AWS::Lambda::Url, Properties: { AuthType: NONE, TargetFunctionArn: !Ref App${mode} } }
`
const mayCallUrl = `  One: { Type: AWS::Lambda::Permission, Properties: { Action: lambda:InvokeFunctionUrl, FunctionName: !Ref App, Principal: '*', FunctionUrlAuthType: NONE } }
`
const mayInvokeByUrl = `  Two: { Type: AWS::Lambda::Permission, Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref App, Principal: '*', InvokedViaFunctionUrl: true } }
`
const group = (
  attributes: string,
) => `  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { TargetType: lambda, Targets: [{ Id: !GetAtt App.Arn }]${attributes} } }
  Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] } }
`
const multiValue = ", TargetGroupAttributes: [{ Key: lambda.multi_value_headers.enabled, Value: 'true' }]"
const mayInvoke = (principal: string) =>
  `  May: { Type: AWS::Lambda::Permission, Properties: { Action: lambda:InvokeFunction, FunctionName: !GetAtt App.Arn, Principal: ${principal} } }
`
const httpApi = (integration: string, more = '') => `  Api: { Type: AWS::ApiGatewayV2::Api, Properties: {} }
  Integration: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationUri: !GetAtt App.Arn${integration} } }
  Route: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: $default, Target: !Sub 'integrations/\${Integration}' } }
${more}${mayInvoke('apigateway.amazonaws.com')}`
const mapping = `  Mapping: { Type: AWS::ApiGatewayV2::ApiMapping, Properties: { ApiId: !Ref Api, ApiMappingKey: v1 } }
`
const format2 = ", PayloadFormatVersion: '2.0'"

const terraform = (resources: string): string => `
resource "aws_lambda_function" "app" {
  function_name = "app"
  runtime       = "nodejs24.x"
  handler       = "handler.handler"
  memory_size   = 512
  timeout       = 28
  environment {
    variables = { NODE_OPTIONS = "--enable-source-maps" }
  }
}
${resources}`
const terraformUrl = (mode: string) => `
resource "aws_lambda_function_url" "app" {
  function_name      = aws_lambda_function.app.function_name
  authorization_type = "NONE"
  invoke_mode        = "${mode}"
}
`
const oldProvider = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}
`
const terraformInvoke = `
resource "aws_lambda_permission" "invoke" {
  action                   = "lambda:InvokeFunction"
  function_name            = aws_lambda_function.app.function_name
  principal                = "*"
  invoked_via_function_url = true
}
`
const serverless = (provider: string, own: string): string => `service: app
provider: { name: aws, runtime: nodejs24.x, memorySize: 512, timeout: 28, environment: { NODE_OPTIONS: --enable-source-maps }${provider} }
functions:
  app:
    handler: dist/handler.handler
    ${own}
`

const document = (binary: boolean): string =>
  JSON.stringify({
    openapi: '3.0.1',
    ...(binary && { 'x-amazon-apigateway-binary-media-types': ['*/*'] }),
    paths: {
      '/a': {
        get: {
          'x-amazon-apigateway-integration': {
            type: 'aws_proxy',
            uri: 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations',
          },
        },
      },
    },
  })

const tree = ['GET /users/:id']
const cookies = { cookies: 'src/app.ts:3' }
const cors = { cors: 'src/app.ts:1' }

/** A rule, a template that forgets something, one that does not, and what is known of the module. */
const cases: readonly [rule: Rule, wrong: string, right: string, facts?: Facts, kind?: Kind][] = [
  ['handler-name', sam(everything, { handler: 'handler.main' }), sam(everything)],
  ['handler-name', sam(everything), sam(everything, { handler: 'dist/handler.run' }), { exportName: 'run' }],
  ['runtime', sam(everything, { runtime: 'nodejs20.x' }), sam(everything, { runtime: 'nodejs22.x' })],
  [
    'unsent-route',
    sam(event("Path: '/users', Method: GET")),
    sam(event("Path: '/users/{id}', Method: GET")),
    { routes: tree },
  ],
  [
    'unsent-route',
    sam(event("Path: '/users/{id}', Method: POST")),
    sam(event("Path: '/users/{id}', Method: ANY")),
    { routes: tree },
  ],
  [
    'unknown-route',
    sam(event("Path: '/old', Method: ANY")),
    sam(event("Path: '/users/{id}', Method: ANY")),
    { routes: tree },
  ],
  [
    'streaming-gateway',
    sam('FunctionUrlConfig: { AuthType: NONE }'),
    sam('FunctionUrlConfig: { AuthType: NONE, InvokeMode: RESPONSE_STREAM }'),
    { streams: true },
  ],
  [
    'streaming-gateway',
    sam(restEvent(), {}, restApi(allTypes)),
    sam(restEvent(', ResponseTransferMode: STREAM'), {}, restApi(allTypes)),
    { streams: true },
  ],
  [
    'streaming-gateway',
    serverless('', 'url: true'),
    serverless('', 'url: { invokeMode: RESPONSE_STREAM }'),
    { streams: true },
  ],
  [
    'streaming-gateway',
    terraform(terraformUrl('BUFFERED') + terraformInvoke),
    terraform(terraformUrl('RESPONSE_STREAM') + terraformInvoke),
    { streams: true },
    'tf',
  ],
  [
    'buffered-handler',
    sam('FunctionUrlConfig: { AuthType: NONE, InvokeMode: RESPONSE_STREAM }'),
    sam('FunctionUrlConfig: { AuthType: NONE }'),
  ],
  ['url-permission', plain(url('') + mayCallUrl), plain(url('') + mayCallUrl + mayInvokeByUrl)],
  ['url-permission', plain(url('') + mayInvokeByUrl), plain(url('') + mayCallUrl + mayInvokeByUrl)],
  [
    'url-permission',
    terraform(oldProvider + terraformUrl('BUFFERED')),
    terraform(oldProvider + terraformUrl('BUFFERED') + terraformInvoke),
    {},
    'tf',
  ],
  ['url-permission', terraform(oldProvider + terraformUrl('BUFFERED')), terraform(terraformUrl('BUFFERED')), {}, 'tf'],
  [
    'invoke-permission',
    plain(group(multiValue)),
    plain(group(multiValue) + mayInvoke('elasticloadbalancing.amazonaws.com')),
  ],
  ['invoke-permission', plain(httpApi(format2)).replace('  May:', '  #'), plain(httpApi(format2))],
  ['binary-media-types', sam(restEvent(), {}, restApi('')), sam(restEvent(), {}, restApi(allTypes))],
  [
    'binary-media-types',
    serverless('', "events: [{ http: 'ANY /' }]"),
    serverless(", apiGateway: { binaryMediaTypes: ['*/*'] }", "events: [{ http: 'ANY /' }]"),
  ],
  ['binary-media-types', document(false), document(true), {}, 'json'],
  [
    'multi-value-headers',
    plain(group('') + mayInvoke('elasticloadbalancing.amazonaws.com')),
    plain(group(multiValue) + mayInvoke('elasticloadbalancing.amazonaws.com')),
    { written: cookies },
  ],
  [
    'multi-value-headers',
    serverless('', "events: [{ alb: { conditions: { path: '*' } } }]"),
    serverless('', "events: [{ alb: { conditions: { path: '*' }, multiValueHeaders: true } }]"),
    { written: cookies },
  ],
  ['time-out', sam(everything, { timeout: '60' }), sam(everything, { timeout: '30' })],
  [
    'time-out',
    sam(restEvent(), { timeout: '30' }, restApi(allTypes)),
    sam(restEvent(', TimeoutInMillis: 60000'), { timeout: '60' }, restApi(allTypes)),
  ],
  ['short-time-out', sam(everything, { timeout: '3' }), sam(everything, { timeout: '10' })],
  ['short-time-out', sam(everything).replace('Timeout:', 'Tags: #'), sam(everything)],
  ['memory', sam(everything, { memory: '128' }), sam(everything, { memory: '256' })],
  [
    'cors-twice',
    sam(
      event('ApiId: !Ref Api'),
      {},
      '  Api: { Type: AWS::Serverless::HttpApi, Properties: { CorsConfiguration: { AllowOrigins: [x] } } }',
    ),
    sam(event('ApiId: !Ref Api'), {}, '  Api: { Type: AWS::Serverless::HttpApi }'),
    { written: cors },
  ],
  [
    'cors-twice',
    sam('FunctionUrlConfig: { AuthType: NONE, Cors: { AllowOrigins: [x] } }'),
    sam('FunctionUrlConfig: { AuthType: NONE }'),
    { written: cors },
  ],
  ['base-path', plain(httpApi(format2, mapping)), plain(httpApi(format2)), { routes: tree }],
  ['payload-format', plain(httpApi('')), plain(httpApi(format2))],
  ['payload-format', sam(event("PayloadFormatVersion: '1.0'")), sam(everything)],
  [
    'payload-format',
    serverless(", httpApi: { payload: '1.0' }", "events: [{ httpApi: '*' }]"),
    serverless('', "events: [{ httpApi: '*' }]"),
  ],
  ['source-maps', sam(everything, { options: '--max-http-header-size=9' }), sam(everything)],
]

describe('expressway deploy-check', () => {
  it.each(cases)('%s %#', async (rule, wrong, right, facts = {}, kind = 'yaml') => {
    const found = (await check(wrong, facts, kind)).map((each) => each.rule)
    expect(found).toContain(rule)
    expect(await check(right, facts, kind)).toEqual([])
  })

  it('every rule is tried above', () => {
    expect(Object.keys(rules).filter((rule) => !cases.some(([tried]) => tried === rule))).toEqual([])
  })

  it('a module that the template names and that is not there', async () => {
    const [first] = await check(sam(everything), { missingModule: 'dist/handler.mjs' }, 'yaml')
    expect(first).toMatchObject({
      rule: 'handler-name',
      what: 'the handler is handler.handler, and there is no dist/handler.mjs',
      lines: 'Handler: handler.handler',
    })
  })

  it('a base path that the application knows is no finding', async () => {
    const template = plain(httpApi(format2, mapping))
    expect(await check(template, { routes: ['GET /v1/users'] }, 'yaml')).toEqual([])
    expect(await check(template, { routes: tree, written: { stripPrefixes: 'src/app.ts:2' } }, 'yaml')).toEqual([])
  })

  it('a handler that streams answers an HTTP API whole', async () => {
    expect(await check(sam(everything), { streams: true }, 'yaml')).toEqual([])
  })

  it('what a variable says is not judged', async () => {
    const template = sam(everything, { timeout: '!Ref Timeout', memory: '!Ref Memory', runtime: '!Ref Runtime' })
    expect(await check(template, {}, 'yaml')).toEqual([])
  })

  it('SAM’s Globals count', async () => {
    const globals =
      'Globals: { Function: { Timeout: 20, MemorySize: 256, Environment: { Variables: { NODE_OPTIONS: --enable-source-maps } } } }\n'
    const bare = sam(everything).replace(/ {6}(MemorySize|Timeout|Environment):.*\n/g, '')
    expect((await check(bare, {}, 'yaml')).map(({ rule }) => rule)).toEqual(['short-time-out', 'memory', 'source-maps'])
    expect(await check(globals + bare, {}, 'yaml')).toEqual([])
  })

  it('errors come first, and the lines are those of the template’s language', async () => {
    const found = await check(
      terraform(oldProvider + terraformUrl('BUFFERED')).replace('512', '128'),
      { streams: true },
      'tf',
    )
    expect(found.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual([
      'error streaming-gateway',
      'error url-permission',
      'warning memory',
    ])
    expect(found[0]!.lines).toBe('invoke_mode = "RESPONSE_STREAM"')
    expect(found[1]!.lines).toContain('function_name            = aws_lambda_function.app.function_name')
  })
})
