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
  versions,
} from './settings.ts'

/** The Serverless Framework, and osls, which reads the same file without an account. */
export function serverless(deployment: Deployment): DeploymentFiles {
  return {
    files: { 'serverless.yml': service(deployment) },
    scripts: scripts(deployment, 'serverless.yml', 'serverless deploy'),
    devDependencies: { serverless: versions.serverless },
  }
}

function service(deployment: Deployment): string {
  const { name, gateway } = deployment
  const { seconds, why } = timeout(deployment)
  const variables = Object.entries(environment).map(([variable, value]) => `    ${variable}: ${value}`)
  return `service: ${name}
frameworkVersion: '4'

provider:
  name: aws
  runtime: ${runtime}
  architecture: arm64
  # ${memory.why}
  memorySize: ${memory.megabytes}
  # ${why}
  timeout: ${seconds}
  logRetentionInDays: ${logRetentionDays}
  environment:
${variables.join('\n')}
${settings[gateway]}
package:
  patterns: ['!**', 'dist/**']

functions:
  app:
    handler: dist/handler.handler
${events[gateway](deployment)}${gateway === 'alb' ? loadBalancer : ''}`
}

const settings: Record<Deployment['gateway'], string> = {
  'rest-api': `  endpointType: REGIONAL
  apiGateway:
    # Without it API Gateway reads bytes as text, both ways.
    binaryMediaTypes: ['*/*']
  logs:
    restApi:
      executionLogging: false
      format: ${foldedAccessLog(8)}
`,
  'http-api': `  httpApi:
    payload: '2.0'
  logs:
    httpApi:
      format: ${foldedAccessLog(8)}
`,
  'function-url': '',
  alb: '',
}

const events: Record<Deployment['gateway'], (deployment: Deployment) => string> = {
  'rest-api': (deployment) => `    events:
${gatewayPaths(deployment)
  .map(
    ({ path }) => `      - http:
          path: ${path}
          method: ANY
${deployment.streaming ? `          response: { transferMode: STREAM }\n          timeoutInMillis: ${timeout(deployment).seconds * 1000}\n` : ''}`,
  )
  .join('')}`,
  'http-api': (deployment) => `    events:
${gatewayPaths(deployment)
  .map(({ path }) => `      - httpApi: ANY ${path}\n`)
  .join('')}`,
  'function-url': ({ streaming }) => `    url:
      invokeMode: ${streaming ? 'RESPONSE_STREAM' : 'BUFFERED'}
`,
  alb: () => `    events:
      - alb:
          listenerArn: !Ref Listener
          priority: 1
          conditions:
            path: '*'
          # Without it an answer has one cookie, and a request has the last of several equal headers.
          multiValueHeaders: true
`,
}

const loadBalancer = `
# The values come from --param="vpcId=…", or from a file of the stage's parameters.
resources:
  Resources:
    LoadBalancer:
      Type: AWS::ElasticLoadBalancingV2::LoadBalancer
      Properties:
        Subnets: !Split [',', '\${param:subnetIds}']
        SecurityGroups: [!GetAtt SecurityGroup.GroupId]

    SecurityGroup:
      Type: AWS::EC2::SecurityGroup
      Properties:
        GroupDescription: HTTPS from everywhere
        VpcId: \${param:vpcId}
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
          - CertificateArn: \${param:certificateArn}
        # What no rule takes.
        DefaultActions:
          - Type: fixed-response
            FixedResponseConfig: { StatusCode: '404' }

  Outputs:
    LoadBalancerName:
      Description: The DNS record of the certificate's name points to it
      Value: !GetAtt LoadBalancer.DNSName
`
