import type { Deployment, DeploymentFiles } from '../deployment.ts'
import { gatewayPaths } from './paths.ts'
import {
  accessLogFields,
  build,
  environment,
  logRetentionDays,
  memory,
  runtime,
  scripts,
  timeout,
  tlsPolicy,
} from './settings.ts'

/** A zip file and the AWS CLI: `deploy.sh`, and `api.json` with the paths of an API. */
export function zip(deployment: Deployment): DeploymentFiles {
  const isApi = deployment.gateway === 'rest-api' || deployment.gateway === 'http-api'
  return {
    files: {
      'deploy.sh': `${functionSteps(deployment)}${gateways[deployment.gateway](deployment)}`,
      ...(isApi && { 'api.json': `${JSON.stringify(document(deployment), null, 2)}\n` }),
    },
    scripts: isApi ? scripts(deployment, 'api.json', 'sh deploy.sh') : { deploy: `${build} && sh deploy.sh` },
    devDependencies: {},
  }
}

/** The API as API Gateway imports it; the script puts the ARN and the Region in. */
function document(deployment: Deployment): object {
  const integration = { type: 'aws_proxy', httpMethod: 'POST', ...integrations(deployment) }
  const paths = gatewayPaths(deployment).map(({ path }) => {
    const names = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name)
    const parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
    const operation = {
      ...(parameters.length > 0 && { parameters }),
      responses: { default: { description: 'What the application answers' } },
      'x-amazon-apigateway-integration': integration,
    }
    return [path, { 'x-amazon-apigateway-any-method': operation }]
  })
  return {
    openapi: '3.0.1',
    info: { title: deployment.name, version: '1.0.0' },
    ...(deployment.gateway === 'rest-api' && { 'x-amazon-apigateway-binary-media-types': ['*/*'] }),
    paths: Object.fromEntries(paths),
  }
}

function integrations(deployment: Deployment): object {
  if (deployment.gateway === 'http-api') return { uri: 'FUNCTION_ARN', payloadFormatVersion: '2.0' }
  const uri = (version: string, action: string) =>
    `arn:aws:apigateway:REGION:lambda:path/${version}/functions/FUNCTION_ARN/${action}`
  if (!deployment.streaming) return { uri: uri('2015-03-31', 'invocations') }
  return {
    uri: uri('2021-11-15', 'response-streaming-invocations'),
    responseTransferMode: 'STREAM',
    timeoutInMillis: timeout(deployment).seconds * 1000,
  }
}

function functionSteps(deployment: Deployment): string {
  const { seconds, why } = timeout(deployment)
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  return `#!/bin/sh
# Deploys dist/ with the AWS CLI 2 and zip. What is there already is updated.
set -eu
cd "$(dirname "$0")"

name=${deployment.name}
region=\${AWS_REGION:-$(aws configure get region)}
account=$(aws sts get-caller-identity --query Account --output text)
function=arn:aws:lambda:$region:$account:function:$name

exists() {
  "$@" > /dev/null 2>&1
}

role() { # name, service, policy
  if ! exists aws iam get-role --role-name "$1"; then
    aws iam create-role --role-name "$1" --assume-role-policy-document \\
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"'"$2"'"},"Action":"sts:AssumeRole"}]}' > /dev/null
    aws iam attach-role-policy --role-name "$1" --policy-arn "arn:aws:iam::aws:policy/service-role/$3"
    # Other services know a new role after some seconds.
    sleep 15
  fi
}

log_group() { # name
  exists aws logs create-log-group --log-group-name "$1" || true
  aws logs put-retention-policy --log-group-name "$1" --retention-in-days ${logRetentionDays}
}

# ${memory.why}
# ${why}
configure() { # command
  aws lambda "$@" --function-name "$name" --handler handler.handler --runtime ${runtime} \\
    --memory-size ${memory.megabytes} --timeout ${seconds} \\
    --environment 'Variables={${variables.join(',')}}' > /dev/null
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

`
}

const filledDocument = `sed -e "s|FUNCTION_ARN|$function|" -e "s|REGION|$region|" api.json > "$temp/api.json"
`

const allowApi = `allow gateway --action lambda:InvokeFunction --principal apigateway.amazonaws.com \\
  --source-arn "arn:aws:execute-api:$region:$account:$api/*/*"
`

const accessLog = JSON.stringify(accessLogFields)

const gateways: Record<Deployment['gateway'], (deployment: Deployment) => string> = {
  'rest-api': () => `${filledDocument}
api=$(aws apigateway get-rest-apis --query "items[?name=='$name'].id | [0]" --output text)
if [ "$api" = None ]; then
  api=$(aws apigateway import-rest-api --parameters endpointConfigurationTypes=REGIONAL \\
    --body "fileb://$temp/api.json" --query id --output text)
else
  aws apigateway put-rest-api --rest-api-id "$api" --mode overwrite --body "fileb://$temp/api.json" > /dev/null
fi
${allowApi}
# A REST API writes logs only if its account and Region have a role for it.
role "$name-gateway-logs" apigateway.amazonaws.com AmazonAPIGatewayPushToCloudWatchLogs
aws apigateway update-account --patch-operations \\
  "op=replace,path=/cloudwatchRoleArn,value=arn:aws:iam::$account:role/$name-gateway-logs" > /dev/null
log_group "/aws/apigateway/$name"
cat > "$temp/access-log.json" << END
[
  { "op": "replace", "path": "/accessLogSettings/destinationArn", "value": "arn:aws:logs:$region:$account:log-group:/aws/apigateway/$name" },
  { "op": "replace", "path": "/accessLogSettings/format", "value": ${shellText(JSON.stringify(accessLog))} }
]
END

aws apigateway create-deployment --rest-api-id "$api" --stage-name prod > /dev/null
aws apigateway update-stage --rest-api-id "$api" --stage-name prod --patch-operations "file://$temp/access-log.json" > /dev/null
echo "https://$api.execute-api.$region.amazonaws.com/prod/"
`,
  'http-api': () => `${filledDocument}
api=$(aws apigatewayv2 get-apis --query "Items[?Name=='$name'].ApiId | [0]" --output text)
if [ "$api" = None ]; then
  api=$(aws apigatewayv2 import-api --body "file://$temp/api.json" --query ApiId --output text)
  log_group "/aws/apigateway/$name"
  aws apigatewayv2 create-stage --api-id "$api" --stage-name '$default' --auto-deploy --access-log-settings \\
    "DestinationArn=arn:aws:logs:$region:$account:log-group:/aws/apigateway/$name,Format='$(cat << 'END'
${accessLog}
END
)'" > /dev/null
else
  aws apigatewayv2 reimport-api --api-id "$api" --body "file://$temp/api.json" > /dev/null
fi
${allowApi}
echo "https://$api.execute-api.$region.amazonaws.com/"
`,
  'function-url': ({ streaming }) => `# A public URL needs both permissions.
allow public-url --action lambda:InvokeFunctionUrl --principal '*' --function-url-auth-type NONE
allow public-invoke --action lambda:InvokeFunction --principal '*' --invoked-via-function-url

command=create-function-url-config
if exists aws lambda get-function-url-config --function-name "$name"; then
  command=update-function-url-config
fi
aws lambda $command --function-name "$name" --auth-type NONE --invoke-mode ${streaming ? 'RESPONSE_STREAM' : 'BUFFERED'} \\
  --query FunctionUrl --output text
`,
  alb: () => `: "\${VPC_ID:?Set VPC_ID.}"
: "\${SUBNET_IDS:?Set SUBNET_IDS: two public subnets or more, with spaces between.}"
: "\${CERTIFICATE_ARN:?Set CERTIFICATE_ARN: the certificate of the name that the load balancer gets.}"

elb() { # command, what of its output, then the options
  command=$1
  query=$2
  shift 2
  aws elbv2 "$command" "$@" --query "$query" --output text
}

if ! exists aws elbv2 describe-load-balancers --names "$name"; then
  group=$(aws ec2 create-security-group --group-name "$name" --description 'HTTPS from everywhere' \\
    --vpc-id "$VPC_ID" --query GroupId --output text)
  aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 443 --cidr 0.0.0.0/0 > /dev/null
  # shellcheck disable=SC2086 # Each subnet is an argument.
  balancer=$(elb create-load-balancer 'LoadBalancers[0].LoadBalancerArn' \\
    --name "$name" --subnets $SUBNET_IDS --security-groups "$group")
  target=$(elb create-target-group 'TargetGroups[0].TargetGroupArn' --name "$name" --target-type lambda)
  # Without it an answer has one cookie, and a request has the last of several equal headers.
  aws elbv2 modify-target-group-attributes --target-group-arn "$target" \\
    --attributes Key=lambda.multi_value_headers.enabled,Value=true > /dev/null
  allow gateway --action lambda:InvokeFunction --principal elasticloadbalancing.amazonaws.com --source-arn "$target"
  aws elbv2 register-targets --target-group-arn "$target" --targets "Id=$function"
  aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol HTTPS --port 443 \\
    --ssl-policy ${tlsPolicy} --certificates "CertificateArn=$CERTIFICATE_ARN" \\
    --default-actions "Type=forward,TargetGroupArn=$target" > /dev/null
fi

# The DNS record of the certificate's name points to it.
elb describe-load-balancers 'LoadBalancers[0].DNSName' --names "$name"
`,
}

/** Text in a here-document that the shell expands. */
const shellText = (text: string): string => text.replace(/[$`\\]/g, '\\$&')
