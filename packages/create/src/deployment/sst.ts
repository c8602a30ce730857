import type { Deployment, DeploymentFiles } from '../deployment.ts'
import { build, environment, memory, pascalCase, runtime, timeout, tlsPolicy, versions } from './settings.ts'

/** SST 4: `sst.config.ts`, which takes the bundle as it is. */
export function sst(deployment: Deployment): DeploymentFiles {
  return {
    files: { 'sst.config.ts': config(deployment) },
    scripts: { deploy: `${build} && sst deploy` },
    devDependencies: { sst: versions.sst },
  }
}

function config(deployment: Deployment): string {
  const { seconds, why } = timeout(deployment)
  const variables = Object.entries(environment).map(([name, value]) => `${name}: '${value}'`)
  return `/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app: (input) => ({
    name: '${deployment.name}',
    home: 'aws',
    removal: input?.stage === 'production' ? 'retain' : 'remove',
  }),
  async run() {
    const app = new sst.aws.Function('${pascalCase(deployment.name)}', {
      bundle: 'dist',
      handler: 'handler.handler',
      runtime: '${runtime}',
      architecture: 'arm64',
      // ${memory.why}
      memory: '${memory.megabytes} MB',
      // ${why}
      timeout: '${seconds} seconds',
      logging: { retention: '1 month' },
      environment: { ${variables.join(', ')} },
${gateways[deployment.gateway](deployment)}
  },
})
`
}

const routes = (options = ''): string => `    // Every path but "/", and "/".
    api.route('ANY /{proxy+}', app.arn${options})
    api.route('ANY /', app.arn${options})`

/** By default SST answers CORS at the gateway. */
const cors = '// The application answers CORS itself.'

const gateways: Record<Deployment['gateway'], (deployment: Deployment) => string> = {
  'rest-api': (deployment) => `    })
    const api = new sst.aws.ApiGatewayV1('Api', {
      endpoint: { type: 'regional' },
      accessLog: { retention: '1 month' },
      ${cors}
      cors: false,
      // Without it API Gateway reads bytes as text, both ways.
      transform: { api: { binaryMediaTypes: ['*/*'] } },
    })
${deployment.streaming ? streamingRoutes(deployment) : routes()}
    api.deploy()
    return { url: api.url }`,
  'http-api': () => `    })
    const api = new sst.aws.ApiGatewayV2('Api', {
      accessLog: { retention: '1 month' },
      ${cors}
      cors: false,
    })
    // Every path. SST sends events in payload format 2.0.
    api.route('$default', app.arn)
    return { url: api.url }`,
  'function-url': ({ streaming }) => `      streaming: ${streaming},
      // SST adds both permissions that a public URL needs. The application answers CORS itself.
      url: { cors: false },
    })
    return { url: app.url }`,
  alb: () => `    })
    const { VPC_ID, SUBNET_IDS, CERTIFICATE_ARN } = process.env
    if (!VPC_ID || !SUBNET_IDS || !CERTIFICATE_ARN)
      throw new Error('Set VPC_ID, SUBNET_IDS (two public subnets or more, with commas) and CERTIFICATE_ARN.')
    const securityGroup = new aws.ec2.SecurityGroup('LoadBalancerGroup', {
      description: 'HTTPS from everywhere',
      vpcId: VPC_ID,
      ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['0.0.0.0/0'] }],
    })
    const loadBalancer = new aws.lb.LoadBalancer('LoadBalancer', {
      loadBalancerType: 'application',
      subnets: SUBNET_IDS.split(','),
      securityGroups: [securityGroup.id],
    })
    const targetGroup = new aws.lb.TargetGroup('TargetGroup', {
      targetType: 'lambda',
      // Without it an answer has one cookie, and a request has the last of several equal headers.
      lambdaMultiValueHeadersEnabled: true,
    })
    const permission = new aws.lambda.Permission('LoadBalancerPermission', {
      action: 'lambda:InvokeFunction',
      function: app.name,
      principal: 'elasticloadbalancing.amazonaws.com',
      sourceArn: targetGroup.arn,
    })
    new aws.lb.TargetGroupAttachment(
      'Target',
      { targetGroupArn: targetGroup.arn, targetId: app.arn },
      { dependsOn: [permission] },
    )
    new aws.lb.Listener('Listener', {
      loadBalancerArn: loadBalancer.arn,
      protocol: 'HTTPS',
      port: 443,
      sslPolicy: '${tlsPolicy}',
      certificateArn: CERTIFICATE_ARN,
      defaultActions: [{ type: 'forward', targetGroupArn: targetGroup.arn }],
    })
    // The DNS record of the certificate's name points to it.
    return { loadBalancerName: loadBalancer.dnsName }`,
}

const streamingRoutes = (deployment: Deployment): string => `    const streaming = {
      streaming: true,
      transform: { integration: { timeoutMilliseconds: ${timeout(deployment).seconds * 1000} } },
    }
${routes(', streaming')}`
