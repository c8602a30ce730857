/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app: (input) => ({
    name: 'my-api',
    home: 'aws',
    removal: input?.stage === 'production' ? 'retain' : 'remove',
  }),
  async run() {
    const app = new sst.aws.Function('MyApi', {
      bundle: 'dist',
      handler: 'handler.handler',
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      // Memory also sets the share of a CPU: 1,769 MB is one vCPU.
      memory: '512 MB',
      // Lambda's own is 3 seconds, which a cold start and a slow service may need.
      timeout: '28 seconds',
      logging: { retention: '1 month' },
      environment: { NODE_ENV: 'production', NODE_OPTIONS: '--enable-source-maps' },
    })
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
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificateArn: CERTIFICATE_ARN,
      defaultActions: [{ type: 'forward', targetGroupArn: targetGroup.arn }],
    })
    // The DNS record of the certificate's name points to it.
    return { loadBalancerName: loadBalancer.dnsName }
  },
})
