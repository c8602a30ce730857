import type { Deployment, DeploymentFiles } from '../deployment.ts'
import { gatewayPaths } from './paths.ts'
import {
  accessLogFields,
  environment,
  logRetentionDays,
  memory,
  runtime,
  scripts,
  timeout,
  tlsPolicy,
  versions,
} from './settings.ts'

/** Terraform, and OpenTofu: `main.tf` with the AWS provider. */
export function terraform(deployment: Deployment): DeploymentFiles {
  return {
    files: { 'main.tf': `${base(deployment)}${gateways[deployment.gateway](deployment)}` },
    scripts: scripts(deployment, 'main.tf', 'terraform init && terraform apply'),
    // It reads the configuration for the check.
    devDependencies: { '@cdktf/hcl2json': versions['@cdktf/hcl2json'] },
  }
}

function base(deployment: Deployment): string {
  const { seconds, why } = timeout(deployment)
  const names = Object.keys(environment)
  const width = Math.max(...names.map((name) => name.length))
  const variables = Object.entries(environment).map(([name, value]) => `      ${name.padEnd(width)} = "${value}"`)
  return `terraform {
  required_version = ">= 1.9"

  required_providers {
    archive = {
      source  = "hashicorp/archive"
      version = "~> 2.7"
    }
    # Version 6.28 knows the second permission of a function URL, and REST APIs that stream.
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.28, < 7.0"
    }
  }
}

locals {
  name = "${deployment.name}"
}

data "archive_file" "bundle" {
  type        = "zip"
  source_dir  = "\${path.module}/dist"
  output_path = "\${path.module}/.terraform/bundle.zip"
}

resource "aws_lambda_function" "app" {
  function_name    = local.name
  role             = aws_iam_role.app.arn
  filename         = data.archive_file.bundle.output_path
  source_code_hash = data.archive_file.bundle.output_base64sha256
  handler          = "handler.handler"
  runtime          = "${runtime}"
  architectures    = ["arm64"]

  # ${memory.why}
  memory_size = ${memory.megabytes}
  # ${why}
  timeout = ${seconds}

  environment {
    variables = {
${variables.join('\n')}
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.app.name
  }
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/aws/lambda/\${local.name}"
  retention_in_days = ${logRetentionDays}
}

resource "aws_iam_role" "app" {
  name_prefix = "\${local.name}-"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "app_logs" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

`
}

const accessLogs = (): string => {
  const width = Math.max(...Object.keys(accessLogFields).map((name) => name.length))
  const fields = Object.entries(accessLogFields).map(([name, value]) => `      ${name.padEnd(width)} = "${value}"`)
  return `  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
${fields.join('\n')}
    })
  }`
}

const accessLogGroup = `resource "aws_cloudwatch_log_group" "access" {
  name_prefix       = "\${local.name}-access-"
  retention_in_days = ${logRetentionDays}
}
`

const invokedBy = (principal: string, sourceArn: string): string => `resource "aws_lambda_permission" "gateway" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.app.function_name
  principal     = "${principal}"
  source_arn    = ${sourceArn}
}
`

const gateways: Record<Deployment['gateway'], (deployment: Deployment) => string> = {
  'rest-api': (deployment) => `resource "aws_api_gateway_rest_api" "app" {
  name = local.name
  # Without it API Gateway reads bytes as text, both ways.
  binary_media_types = ["*/*"]

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

# Every path but "/", which is the API's own resource.
resource "aws_api_gateway_resource" "proxy" {
  rest_api_id = aws_api_gateway_rest_api.app.id
  parent_id   = aws_api_gateway_rest_api.app.root_resource_id
  path_part   = "{proxy+}"
}
${['proxy', 'root'].map((name) => restMethod(name, deployment)).join('')}
resource "aws_api_gateway_deployment" "app" {
  rest_api_id = aws_api_gateway_rest_api.app.id

  triggers = {
    redeployment = sha1(jsonencode([
      aws_api_gateway_rest_api.app.binary_media_types,
      aws_api_gateway_integration.proxy,
      aws_api_gateway_integration.root,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.app.id
  deployment_id = aws_api_gateway_deployment.app.id
  stage_name    = "prod"
  depends_on    = [aws_api_gateway_account.app]

${accessLogs()}
}

${accessLogGroup}
# A REST API writes logs only if its account and Region have such a role.
resource "aws_api_gateway_account" "app" {
  cloudwatch_role_arn = aws_iam_role.gateway_logs.arn
}

resource "aws_iam_role" "gateway_logs" {
  name_prefix = "\${local.name}-logs-"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "gateway_logs" {
  role       = aws_iam_role.gateway_logs.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

${invokedBy('apigateway.amazonaws.com', `"\${aws_api_gateway_rest_api.app.execution_arn}/*/*"`)}
output "url" {
  value = "\${aws_api_gateway_stage.prod.invoke_url}/"
}
`,
  'http-api': (deployment) => `resource "aws_apigatewayv2_api" "app" {
  name          = local.name
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "app" {
  api_id                 = aws_apigatewayv2_api.app.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.app.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "app" {
  for_each = toset([
${gatewayPaths(deployment)
  .map(({ path }) => `    "ANY ${path}",\n`)
  .join('')}  ])

  api_id    = aws_apigatewayv2_api.app.id
  route_key = each.value
  target    = "integrations/\${aws_apigatewayv2_integration.app.id}"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.app.id
  name        = "$default"
  auto_deploy = true

${accessLogs()}
}

${accessLogGroup}
${invokedBy('apigateway.amazonaws.com', `"\${aws_apigatewayv2_api.app.execution_arn}/*/*"`)}
output "url" {
  value = aws_apigatewayv2_stage.default.invoke_url
}
`,
  'function-url': ({ streaming }) => `resource "aws_lambda_function_url" "app" {
  function_name      = aws_lambda_function.app.function_name
  authorization_type = "NONE"
  invoke_mode        = "${streaming ? 'RESPONSE_STREAM' : 'BUFFERED'}"
}

# A public URL needs both permissions. The provider adds them only when it creates the URL.
resource "aws_lambda_permission" "url" {
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.app.function_name
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_lambda_permission" "invoke_by_url" {
  action                   = "lambda:InvokeFunction"
  function_name            = aws_lambda_function.app.function_name
  principal                = "*"
  invoked_via_function_url = true
}

output "url" {
  value = aws_lambda_function_url.app.function_url
}
`,
  alb: () => `variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type        = list(string)
  description = "Two public subnets or more, in different Availability Zones"
}

variable "certificate_arn" {
  type        = string
  description = "The certificate of the load balancer's name"
}

resource "aws_lb" "app" {
  name               = substr(local.name, 0, 32)
  load_balancer_type = "application"
  subnets            = var.subnet_ids
  security_groups    = [aws_security_group.lb.id]
}

resource "aws_security_group" "lb" {
  name_prefix = "\${local.name}-"
  description = "HTTPS from everywhere"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.lb.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.app.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "${tlsPolicy}"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_target_group" "app" {
  name        = substr(local.name, 0, 32)
  target_type = "lambda"
  # Without it an answer has one cookie, and a request has the last of several equal headers.
  lambda_multi_value_headers_enabled = true
}

resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_lambda_function.app.arn
  depends_on       = [aws_lambda_permission.gateway]
}

${invokedBy('elasticloadbalancing.amazonaws.com', 'aws_lb_target_group.app.arn')}
# The DNS record of the certificate's name points to it.
output "load_balancer_name" {
  value = aws_lb.app.dns_name
}
`,
}

function restMethod(name: string, deployment: Deployment): string {
  const resource =
    name === 'root' ? 'aws_api_gateway_rest_api.app.root_resource_id' : `aws_api_gateway_resource.${name}.id`
  const answer = deployment.streaming
    ? `  uri                     = aws_lambda_function.app.response_streaming_invoke_arn
  response_transfer_mode  = "STREAM"
  timeout_milliseconds    = ${timeout(deployment).seconds * 1000}
`
    : `  uri                     = aws_lambda_function.app.invoke_arn
`
  return `
resource "aws_api_gateway_method" "${name}" {
  rest_api_id   = aws_api_gateway_rest_api.app.id
  resource_id   = ${resource}
  http_method   = "ANY"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "${name}" {
  rest_api_id             = aws_api_gateway_rest_api.app.id
  resource_id             = aws_api_gateway_method.${name}.resource_id
  http_method             = aws_api_gateway_method.${name}.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
${answer}}
`
}
