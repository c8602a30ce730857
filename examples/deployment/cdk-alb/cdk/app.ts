import { App, CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib'
import { Vpc } from 'aws-cdk-lib/aws-ec2'
import {
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
  ListenerCertificate,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets'
import { ExpresswayFunction } from './expressway-function.ts'

export const stack = new Stack(new App(), 'MyApi')

const app = new ExpresswayFunction(stack, 'Function')

const certificate = new CfnParameter(stack, 'CertificateArn', {
  description: "The certificate of the load balancer's name",
})

// A VPC of its own. Vpc.fromLookup() takes one that is there.
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 })

const loadBalancer = new ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc, internetFacing: true })

const targetGroup = new ApplicationTargetGroup(stack, 'TargetGroup', {
  targetType: TargetType.LAMBDA,
  targets: [new LambdaTarget(app)],
  // Without it an answer has one cookie, and a request has the last of several equal headers.
  multiValueHeadersEnabled: true,
})

loadBalancer.addListener('Listener', {
  port: 443,
  certificates: [ListenerCertificate.fromArn(certificate.valueAsString)],
  sslPolicy: SslPolicy.RECOMMENDED_TLS,
  defaultTargetGroups: [targetGroup],
})

// The DNS record of the certificate's name points to it.
new CfnOutput(stack, 'LoadBalancerName', { value: loadBalancer.loadBalancerDnsName })
