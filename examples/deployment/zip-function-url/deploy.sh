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

# A public URL needs both permissions.
allow public-url --action lambda:InvokeFunctionUrl --principal '*' --function-url-auth-type NONE
allow public-invoke --action lambda:InvokeFunction --principal '*' --invoked-via-function-url

command=create-function-url-config
if exists aws lambda get-function-url-config --function-name "$name"; then
  command=update-function-url-config
fi
aws lambda $command --function-name "$name" --auth-type NONE --invoke-mode BUFFERED \
  --query FunctionUrl --output text
