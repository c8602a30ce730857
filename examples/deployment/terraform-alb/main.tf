terraform {
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
  name = "my-api"
}

data "archive_file" "bundle" {
  type        = "zip"
  source_dir  = "${path.module}/dist"
  output_path = "${path.module}/.terraform/bundle.zip"
}

resource "aws_lambda_function" "app" {
  function_name    = local.name
  role             = aws_iam_role.app.arn
  filename         = data.archive_file.bundle.output_path
  source_code_hash = data.archive_file.bundle.output_base64sha256
  handler          = "handler.handler"
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]

  # Memory also sets the share of a CPU: 1,769 MB is one vCPU.
  memory_size = 512
  # Lambda's own is 3 seconds, which a cold start and a slow service may need.
  timeout = 28

  environment {
    variables = {
      NODE_ENV     = "production"
      NODE_OPTIONS = "--enable-source-maps"
    }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.app.name
  }
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = 30
}

resource "aws_iam_role" "app" {
  name_prefix = "${local.name}-"

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

variable "vpc_id" {
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
  name_prefix = "${local.name}-"
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
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
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

resource "aws_lambda_permission" "gateway" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.app.function_name
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.app.arn
}

# The DNS record of the certificate's name points to it.
output "load_balancer_name" {
  value = aws_lb.app.dns_name
}
