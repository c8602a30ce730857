import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { sentByTemplate } from '../../src/infrastructure/cloudformation.ts'
import { sentByDocument } from '../../src/infrastructure/openapi.ts'
import type { SentList } from '../../src/infrastructure/sent.ts'
import { sentByServerless } from '../../src/infrastructure/serverless.ts'
import { fromTerraform } from '../../src/infrastructure/terraform.ts'
import { parseText } from '../../src/yaml.ts'

// Its types would bring those of the browser into all files.
const { parse }: { parse(name: string, text: string): Promise<Record<string, unknown>> } = createRequire(
  import.meta.url,
)('@cdktf/hcl2json')

const read = (text: string) => parseText(text, 'template') as Record<string, unknown>
const lines = ({ sent }: SentList): string[] =>
  sent.map(({ method, path, place, target }) => `${method} ${path} | ${place} | ${target ?? '-'}`)

describe('SAM', () => {
  it('events of APIs, function URLs, also of all functions', () => {
    const list = sentByTemplate(
      read(`
Globals: { Function: { FunctionUrlConfig: { AuthType: NONE } } }
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Proxy: { Type: Api, Properties: { Path: '/{proxy+}', Method: ANY } }
        Root: { Type: Api, Properties: { Path: /, Method: any } }
        Default: { Type: HttpApi }
        Key: { Type: HttpApi, Properties: { Path: /x, Method: '*' } }
        Queue: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn } }
`),
    )
    expect(lines(list)).toEqual([
      'ANY /{any*} | A, FunctionUrlConfig | A',
      'ANY /{proxy+} | A, Proxy | A',
      'ANY / | A, Root | A',
      'ANY /{any*} | A, Default | A',
      'ANY /x | A, Key | A',
    ])
  })

  it('a document in the template, with its integrations', () => {
    const list = sentByTemplate(
      read(`
Resources:
  F: { Type: AWS::Serverless::Function, Properties: {} }
  Elsewhere: { Type: AWS::Serverless::Api, Properties: { DefinitionUri: api.yaml } }
  Included:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        Fn::Transform: { Name: AWS::Include, Parameters: { Location: api.yaml } }
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      DefinitionBody:
        openapi: 3.0.1
        paths:
          /pets/{id}:
            x-amazon-apigateway-any-method:
              x-amazon-apigateway-integration:
                uri: !Sub arn:aws:apigateway:x:lambda:path/2015-03-31/functions/\${F.Arn}/invocations
            options:
              x-amazon-apigateway-integration: { type: mock }
`),
    )
    expect(lines(list)).toEqual(['ANY /pets/{id} | Api | F'])
    expect(list.warnings.map((warning) => warning.split(':')[0])).toEqual(['Elsewhere', 'Included'])
  })
})

describe('CloudFormation', () => {
  it('a REST API: resources in resources, an alias as target, no preflights', () => {
    const list = sentByTemplate(
      read(`
Resources:
  F: { Type: AWS::Lambda::Function }
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref F } }
  Api: { Type: AWS::ApiGateway::RestApi }
  Users:
    Type: AWS::ApiGateway::Resource
    Properties: { ParentId: !GetAtt Api.RootResourceId, PathPart: users }
  User:
    Type: AWS::ApiGateway::Resource
    Properties: { ParentId: !Ref Users, PathPart: '{id}' }
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      HttpMethod: GET
      ResourceId: !Ref User
      Integration: { Type: AWS_PROXY, Uri: !Join ['', ['arn:x/', !Ref Live, /invocations]] }
  Root:
    Type: AWS::ApiGateway::Method
    Properties:
      HttpMethod: ANY
      ResourceId: !GetAtt [Api, RootResourceId]
      Integration: { Type: AWS_PROXY, Uri: !Sub 'arn:x/\${F.Arn}/invocations' }
  Preflight:
    Type: AWS::ApiGateway::Method
    Properties: { HttpMethod: OPTIONS, ResourceId: !Ref User, Integration: { Type: MOCK } }
  Foreign:
    Type: AWS::ApiGateway::Method
    Properties: { HttpMethod: GET, ResourceId: !ImportValue other, Integration: { Type: AWS_PROXY } }
`),
    )
    expect(lines(list)).toEqual(['GET /users/{id} | Get | F', 'ANY / | Root | F'])
    expect(list.warnings).toEqual(['Foreign: its resource is not in the template; left out'])
  })

  it('an HTTP API, a function URL, not a WebSocket API', () => {
    const list = sentByTemplate(
      read(`
Resources:
  F: { Type: AWS::Lambda::Function }
  Integration: { Type: AWS::ApiGatewayV2::Integration, Properties: { IntegrationUri: !GetAtt F.Arn } }
  A: { Type: AWS::ApiGatewayV2::Route, Properties: { RouteKey: 'GET /a/{id}', Target: !Sub 'integrations/\${Integration}' } }
  B: { Type: AWS::ApiGatewayV2::Route, Properties: { RouteKey: 'ANY /{proxy+}', Target: !Join [/, [integrations, !Ref Integration]] } }
  C: { Type: AWS::ApiGatewayV2::Route, Properties: { RouteKey: $default } }
  D: { Type: AWS::ApiGatewayV2::Route, Properties: { RouteKey: $connect } }
  Url: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !Ref F } }
`),
    )
    expect(lines(list)).toEqual([
      'GET /a/{id} | A | F',
      'ANY /{proxy+} | B | F',
      'ANY /{any*} | C | -',
      'ANY /{any*} | Url | F',
    ])
  })

  it('a load balancer: rules and the default action, by the target group', () => {
    const list = sentByTemplate(
      read(`
Resources:
  F: { Type: AWS::Lambda::Function }
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { TargetType: lambda, Targets: [{ Id: !GetAtt F.Arn }] } }
  Servers: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { TargetType: instance } }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] }
  Api:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      Actions: [{ Type: forward, TargetGroupArn: !Ref Group }]
      Conditions:
        - { Field: path-pattern, Values: [/api, /api/*, '/img-*'] }
        - { Field: http-request-method, HttpRequestMethodConfig: { Values: [GET, POST] } }
  Other:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      Actions: [{ Type: forward, TargetGroupArn: !Ref Servers }]
      Conditions: [{ Field: path-pattern, Values: [/other] }]
`),
    )
    expect(lines(list)).toEqual([
      'ANY /{any*} | Listener | F',
      'GET /api | Api | F',
      'POST /api | Api | F',
      'GET /api/{rest+} | Api | F',
      'POST /api/{rest+} | Api | F',
    ])
    expect(list.warnings).toEqual(['Api: the pattern /img-* matches parts of segments; left out'])
  })
})

describe('serverless.yml', () => {
  it('events in short and long form, function URLs, load balancers', () => {
    const list = sentByServerless(
      read(`
service: x
functions:
  api:
    url: true
    events:
      - http: GET users/{id}
      - http: { path: '/files/{path+}', method: any }
      - httpApi: '*'
      - httpApi: { method: POST, path: /orders }
      - alb: { conditions: { path: [/a/*, /b?], method: [GET] } }
      - schedule: rate(1 day)
`),
    )
    expect(lines(list)).toEqual([
      'ANY /{any*} | api, url | api',
      'GET /users/{id} | api, http | api',
      'ANY /files/{path+} | api, http | api',
      'ANY /{any*} | api, httpApi | api',
      'POST /orders | api, httpApi | api',
      'GET /a/{rest+} | api, alb | api',
    ])
    expect(list.warnings).toEqual(['api, alb: the pattern /b? matches parts of segments; left out'])
  })

  it('functions in other files', () => {
    const list = sentByServerless(read(`service: x\nfunctions: ['\${file(./a.yml)}', { a: { url: true } }]`))
    expect(lines(list)).toEqual(['ANY /{any*} | a, url | a'])
    expect(list.warnings).toEqual([expect.stringContaining('functions are in other files ($')])
  })
})

describe('Terraform', () => {
  const sentByHcl = async (text: string) => lines(sentByTemplate(fromTerraform(await parse('main.tf', text))))

  it('an HTTP API, whose routes may come from a list, and a function URL', async () => {
    const list = await sentByHcl(`
locals { routes = ["GET /c", "POST /c"] }
resource "aws_lambda_function" "f" {}
resource "aws_lambda_alias" "live" { function_name = aws_lambda_function.f.arn }
resource "aws_apigatewayv2_integration" "f" { integration_uri = aws_lambda_alias.live.invoke_arn }
resource "aws_apigatewayv2_route" "a" {
  route_key = "GET /a/{id}"
  target    = "integrations/\${aws_apigatewayv2_integration.f.id}"
}
resource "aws_apigatewayv2_route" "b" {
  for_each  = toset(["ANY /b", "$default"])
  route_key = each.value
  target    = "integrations/\${aws_apigatewayv2_integration.f.id}"
}
resource "aws_apigatewayv2_route" "c" {
  for_each  = toset(local.routes)
  route_key = each.value
  target    = "integrations/\${aws_apigatewayv2_integration.f.id}"
}
resource "aws_lambda_function_url" "f" { function_name = aws_lambda_function.f.function_name }
`)
    expect(list.sort()).toEqual([
      'ANY /b | aws_apigatewayv2_route.b | aws_lambda_function.f',
      'ANY /{any*} | aws_apigatewayv2_route.b[1] | aws_lambda_function.f',
      'ANY /{any*} | aws_lambda_function_url.f | aws_lambda_function.f',
      'GET /a/{id} | aws_apigatewayv2_route.a | aws_lambda_function.f',
      'GET /c | aws_apigatewayv2_route.c | aws_lambda_function.f',
      'POST /c | aws_apigatewayv2_route.c[1] | aws_lambda_function.f',
    ])
  })

  it('a REST API: resources in resources, integrations by reference or by the same resource', async () => {
    const list = await sentByHcl(`
resource "aws_lambda_function" "f" {}
resource "aws_api_gateway_rest_api" "api" {}
resource "aws_api_gateway_resource" "users" {
  parent_id = aws_api_gateway_rest_api.api.root_resource_id
  path_part = "users"
}
resource "aws_api_gateway_resource" "user" {
  parent_id = aws_api_gateway_resource.users.id
  path_part = "{id}"
}
resource "aws_api_gateway_method" "get" {
  resource_id = aws_api_gateway_resource.user.id
  http_method = "GET"
}
resource "aws_api_gateway_integration" "get" {
  resource_id = aws_api_gateway_method.get.resource_id
  http_method = aws_api_gateway_method.get.http_method
  type        = "AWS_PROXY"
  uri         = aws_lambda_function.f.invoke_arn
}
resource "aws_api_gateway_method" "root" {
  resource_id = aws_api_gateway_rest_api.api.root_resource_id
  http_method = "ANY"
}
resource "aws_api_gateway_integration" "root" {
  resource_id = aws_api_gateway_rest_api.api.root_resource_id
  http_method = "ANY"
  uri         = aws_lambda_function.f.invoke_arn
}
resource "aws_api_gateway_method" "preflight" {
  resource_id = aws_api_gateway_resource.user.id
  http_method = "OPTIONS"
}
resource "aws_api_gateway_integration" "preflight" {
  resource_id = aws_api_gateway_resource.user.id
  http_method = "OPTIONS"
  type        = "MOCK"
}
`)
    expect(list.sort()).toEqual([
      'ANY / | aws_api_gateway_method.root | aws_lambda_function.f',
      'GET /users/{id} | aws_api_gateway_method.get | aws_lambda_function.f',
    ])
  })

  it('a load balancer: a listener and rules, by the target group and its attachment', async () => {
    const list = await sentByHcl(`
resource "aws_lambda_function" "f" {}
resource "aws_lb_target_group" "f" { target_type = "lambda" }
resource "aws_lb_target_group_attachment" "f" {
  target_group_arn = aws_lb_target_group.f.arn
  target_id        = aws_lambda_function.f.arn
}
resource "aws_lb_listener" "all" {
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.f.arn
  }
}
resource "aws_lb_listener_rule" "api" {
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.f.arn
  }
  condition {
    path_pattern { values = ["/api/*"] }
  }
  condition {
    http_request_method { values = ["GET"] }
  }
}
`)
    expect(list.sort()).toEqual([
      'ANY /{any*} | aws_lb_listener.all | aws_lambda_function.f',
      'GET /api/{rest+} | aws_lb_listener_rule.api | aws_lambda_function.f',
    ])
  })

  it('JSON syntax', () => {
    const list = sentByTemplate(
      fromTerraform({
        resource: {
          aws_lambda_function: { f: {} },
          aws_lambda_function_url: { f: { function_name: `\${aws_lambda_function.f.function_name}` } },
        },
      }),
    )
    expect(lines(list)).toEqual(['ANY /{any*} | aws_lambda_function_url.f | aws_lambda_function.f'])
  })
})

it('an OpenAPI document', () => {
  const document = read(
    'openapi: 3.1.0\npaths: { "/a/{b}/": { get: {}, parameters: [], x-other: {} }, /c: { $ref: c.yaml } }',
  )
  const list = sentByDocument(document, 'api.yaml')
  expect(lines(list)).toEqual(['GET /a/{b} | api.yaml | -'])
  expect(list.warnings).toEqual(['api.yaml: /c is described in another file; left out'])
})
