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
# A streamed answer may take longer than the 29 seconds of a buffered one.
configure() { # command
  aws lambda "$@" --function-name "$name" --handler handler.handler --runtime nodejs24.x \
    --memory-size 512 --timeout 300 \
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

sed -e "s|FUNCTION_ARN|$function|" -e "s|REGION|$region|" api.json > "$temp/api.json"

api=$(aws apigateway get-rest-apis --query "items[?name=='$name'].id | [0]" --output text)
if [ "$api" = None ]; then
  api=$(aws apigateway import-rest-api --parameters endpointConfigurationTypes=REGIONAL \
    --body "fileb://$temp/api.json" --query id --output text)
else
  aws apigateway put-rest-api --rest-api-id "$api" --mode overwrite --body "fileb://$temp/api.json" > /dev/null
fi
allow gateway --action lambda:InvokeFunction --principal apigateway.amazonaws.com \
  --source-arn "arn:aws:execute-api:$region:$account:$api/*/*"

# A REST API writes logs only if its account and Region have a role for it.
role "$name-gateway-logs" apigateway.amazonaws.com AmazonAPIGatewayPushToCloudWatchLogs
aws apigateway update-account --patch-operations \
  "op=replace,path=/cloudwatchRoleArn,value=arn:aws:iam::$account:role/$name-gateway-logs" > /dev/null
log_group "/aws/apigateway/$name"
cat > "$temp/access-log.json" << END
[
  { "op": "replace", "path": "/accessLogSettings/destinationArn", "value": "arn:aws:logs:$region:$account:log-group:/aws/apigateway/$name" },
  { "op": "replace", "path": "/accessLogSettings/format", "value": "{\\"requestId\\":\\"\$context.requestId\\",\\"ip\\":\\"\$context.identity.sourceIp\\",\\"method\\":\\"\$context.httpMethod\\",\\"path\\":\\"\$context.path\\",\\"status\\":\\"\$context.status\\",\\"bytes\\":\\"\$context.responseLength\\",\\"milliseconds\\":\\"\$context.responseLatency\\",\\"error\\":\\"\$context.integration.error\\"}" }
]
END

aws apigateway create-deployment --rest-api-id "$api" --stage-name prod > /dev/null
aws apigateway update-stage --rest-api-id "$api" --stage-name prod --patch-operations "file://$temp/access-log.json" > /dev/null
echo "https://$api.execute-api.$region.amazonaws.com/prod/"
