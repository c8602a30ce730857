#!/bin/sh
# Deploys dist/ with the AWS CLI 2 and zip. What is there already is updated.
set -eu
cd "$(dirname "$0")"

name=my-api
region=${AWS_REGION:-$(aws configure get region)}
account=$(aws sts get-caller-identity --query Account --output text)
function=arn:aws:lambda:$region:$account:function:$name

exists() {
  "$@" > /dev/null 2>&1
}

role() { # name, service, policy
  if ! exists aws iam get-role --role-name "$1"; then
    aws iam create-role --role-name "$1" --assume-role-policy-document \
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"'"$2"'"},"Action":"sts:AssumeRole"}]}' > /dev/null
    aws iam attach-role-policy --role-name "$1" --policy-arn "arn:aws:iam::aws:policy/service-role/$3"
    # Other services know a new role after some seconds.
    sleep 15
  fi
}

log_group() { # name
  exists aws logs create-log-group --log-group-name "$1" || true
  aws logs put-retention-policy --log-group-name "$1" --retention-in-days 30
}

# Memory also sets the share of a CPU: 1,769 MB is one vCPU.
# Lambda's own is 3 seconds, which a cold start and a slow service may need.
configure() { # command
  aws lambda "$@" --function-name "$name" --handler handler.handler --runtime nodejs24.x \
    --memory-size 512 --timeout 28 \
    --environment 'Variables={NODE_ENV=production,NODE_OPTIONS=--enable-source-maps}' > /dev/null
}

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
(cd dist && zip -q -r "$temp/function.zip" .)
role "$name" lambda.amazonaws.com AWSLambdaBasicExecutionRole
log_group "/aws/lambda/$name"
if exists aws lambda get-function --function-name "$name"; then
  aws lambda update-function-code --function-name "$name" --zip-file "fileb://$temp/function.zip" --architectures arm64 > /dev/null
  aws lambda wait function-updated-v2 --function-name "$name"
  configure update-function-configuration
  aws lambda wait function-updated-v2 --function-name "$name"
else
  configure create-function --role "arn:aws:iam::$account:role/$name" --zip-file "fileb://$temp/function.zip" --architectures arm64
  aws lambda wait function-active-v2 --function-name "$name"
fi

allow() { # name of the statement, then what it allows
  statement=$1
  shift
  if ! aws lambda get-policy --function-name "$name" --query Policy 2> /dev/null | grep -q "$statement"; then
    aws lambda add-permission --function-name "$name" --statement-id "$statement" "$@" > /dev/null
  fi
}

: "${VPC_ID:?Set VPC_ID.}"
: "${SUBNET_IDS:?Set SUBNET_IDS: two public subnets or more, with spaces between.}"
: "${CERTIFICATE_ARN:?Set CERTIFICATE_ARN: the certificate of the name that the load balancer gets.}"

elb() { # command, what of its output, then the options
  command=$1
  query=$2
  shift 2
  aws elbv2 "$command" "$@" --query "$query" --output text
}

if ! exists aws elbv2 describe-load-balancers --names "$name"; then
  group=$(aws ec2 create-security-group --group-name "$name" --description 'HTTPS from everywhere' \
    --vpc-id "$VPC_ID" --query GroupId --output text)
  aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 443 --cidr 0.0.0.0/0 > /dev/null
  # shellcheck disable=SC2086 # Each subnet is an argument.
  balancer=$(elb create-load-balancer 'LoadBalancers[0].LoadBalancerArn' \
    --name "$name" --subnets $SUBNET_IDS --security-groups "$group")
  target=$(elb create-target-group 'TargetGroups[0].TargetGroupArn' --name "$name" --target-type lambda)
  # Without it an answer has one cookie, and a request has the last of several equal headers.
  aws elbv2 modify-target-group-attributes --target-group-arn "$target" \
    --attributes Key=lambda.multi_value_headers.enabled,Value=true > /dev/null
  allow gateway --action lambda:InvokeFunction --principal elasticloadbalancing.amazonaws.com --source-arn "$target"
  aws elbv2 register-targets --target-group-arn "$target" --targets "Id=$function"
  aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTPS --port 443 \
    --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06 --certificates "CertificateArn=$CERTIFICATE_ARN" \
    --default-actions "Type=forward,TargetGroupArn=$target" > /dev/null
fi

# The DNS record of the certificate's name points to it.
elb describe-load-balancers 'LoadBalancers[0].DNSName' --names "$name"
