import type { Deployment, DeploymentFiles } from '../deployment.ts'
import { gatewayPaths } from './paths.ts'
import {
  environment,
  foldedAccessLog,
  logRetentionDays,
  memory,
  runtime,
  scripts,
  timeout,
  tlsPolicy,
} from './settings.ts'

/** AWS SAM: `template.yaml`, and `samconfig.toml` with what `sam deploy` would ask. */
export function sam(deployment: Deployment): DeploymentFiles {
  return {
    files: { 'template.yaml': template(deployment), 'samconfig.toml': config(deployment) },
    // A load balancer has parameters, which the guide asks for and saves.
    scripts: scripts(deployment, 'template.yaml', `sam deploy${deployment.gateway === 'alb' ? ' --guided' : ''}`),
    devDependencies: {},
  }
}

const config = ({ name }: Deployment): string => `version = 0.1

[default.deploy.parameters]
stack_name = "${name}"
resolve_s3 = true
capabilities = "CAPABILITY_IAM"
`

const template = (deployment: Deployment): string => `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: ${deployment.name}
${deployment.gateway === 'alb' ? loadBalancerParameters : ''}
Resources:
${functionResource(deployment)}
${gateways[deployment.gateway](deployment)}`

function functionResource(deployment: Deployment): string {
  const { seconds, why } = timeout(deployment)
  const variables = Object.entries(environment).map(([name, value]) => `          ${name}: ${value}`)
  return `  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: dist/
      Handler: handler.handler
      Runtime: ${runtime}
      Architectures: [arm64]
      # ${memory.why}
      MemorySize: ${memory.megabytes}
      # ${why}
      Timeout: ${seconds}
      Environment:
        Variables:
${variables.join('\n')}
      LoggingConfig:
        LogGroup: !Ref FunctionLogs
${events[deployment.gateway](deployment)}
  FunctionLogs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /aws/lambda/\${AWS::StackName}
      RetentionInDays: ${logRetentionDays}
`
}

const events: Record<Deployment['gateway'], (deployment: Deployment) => string> = {
  'rest-api': (deployment) => pathEvents(deployment, restEvent(deployment)),
  'http-api': (deployment) => pathEvents(deployment, httpEvent),
  'function-url': ({ streaming }) => `      # SAM adds both permissions that a public URL needs.
      FunctionUrlConfig:
        AuthType: NONE
        InvokeMode: ${streaming ? 'RESPONSE_STREAM' : 'BUFFERED'}
`,
  alb: () => '',
}

const pathEvents = (deployment: Deployment, properties: string): string => `      Events:
${gatewayPaths(deployment)
  .map(
    ({ name, path }) => `        ${name}:
          Type: ${deployment.gateway === 'rest-api' ? 'Api' : 'HttpApi'}
          Properties:
            Path: ${path}
            Method: ANY
${properties}`,
  )
  .join('')}`

const restEvent = (deployment: Deployment): string =>
  deployment.streaming
    ? `            RestApiId: !Ref Api
            ResponseTransferMode: STREAM
            TimeoutInMillis: ${timeout(deployment).seconds * 1000}
`
    : `            RestApiId: !Ref Api
`

const httpEvent = `            ApiId: !Ref Api
            PayloadFormatVersion: '2.0'
`

const accessLogs = `
  AccessLogs:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: ${logRetentionDays}
`

const gateways: Record<Deployment['gateway'], (deployment: Deployment) => string> = {
  'rest-api': () => `  Api:
    Type: AWS::Serverless::Api
    DependsOn: ApiGatewayAccount
    Properties:
      StageName: prod
      EndpointConfiguration:
        Type: REGIONAL
      # Without it API Gateway reads bytes as text, both ways.
      BinaryMediaTypes: ['*/*']
      AccessLogSetting:
        DestinationArn: !GetAtt AccessLogs.Arn
        Format: ${foldedAccessLog(10)}
${accessLogs}
  # A REST API writes logs only if its account and Region have such a role. Other stacks use it, too: it stays.
  ApiGatewayAccount:
    Type: AWS::ApiGateway::Account
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      CloudWatchRoleArn: !GetAtt ApiGatewayLogRole.Arn

  ApiGatewayLogRole:
    Type: AWS::IAM::Role
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { Service: apigateway.amazonaws.com }
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub arn:\${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs

Outputs:
  Url:
    Value: !Sub https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/prod/
`,
  'http-api': () => `  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      AccessLogSettings:
        DestinationArn: !GetAtt AccessLogs.Arn
        Format: ${foldedAccessLog(10)}
${accessLogs}
Outputs:
  Url:
    Value: !Sub https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/
`,
  'function-url': () => `Outputs:
  Url:
    Value: !GetAtt FunctionUrl.FunctionUrl
`,
  alb: () => `  LoadBalancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Subnets: !Ref SubnetIds
      SecurityGroups: [!GetAtt SecurityGroup.GroupId]

  SecurityGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: HTTPS from everywhere
      VpcId: !Ref VpcId
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }

  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref LoadBalancer
      Protocol: HTTPS
      Port: 443
      SslPolicy: ${tlsPolicy}
      Certificates:
        - CertificateArn: !Ref CertificateArn
      DefaultActions:
        - Type: forward
          TargetGroupArn: !Ref TargetGroup

  TargetGroup:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    DependsOn: LoadBalancerPermission
    Properties:
      TargetType: lambda
      Targets:
        - Id: !GetAtt Function.Arn
      TargetGroupAttributes:
        # Without it an answer has one cookie, and a request has the last of several equal headers.
        - { Key: lambda.multi_value_headers.enabled, Value: 'true' }

  LoadBalancerPermission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt Function.Arn
      Principal: elasticloadbalancing.amazonaws.com

Outputs:
  LoadBalancerName:
    Description: The DNS record of the certificate's name points to it
    Value: !GetAtt LoadBalancer.DNSName
`,
}

const loadBalancerParameters = `
Parameters:
  VpcId:
    Type: AWS::EC2::VPC::Id
  SubnetIds:
    Type: List<AWS::EC2::Subnet::Id>
    Description: Two public subnets or more, in different Availability Zones
  CertificateArn:
    Type: String
    Description: The certificate of the load balancer's name
`
