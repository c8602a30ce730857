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
      // API Gateway waits for 29 seconds: the function ends before, with an error of its own.
      timeout: '28 seconds',
      logging: { retention: '1 month' },
      environment: { NODE_ENV: 'production', NODE_OPTIONS: '--enable-source-maps' },
    })
    const api = new sst.aws.ApiGatewayV1('Api', {
      endpoint: { type: 'regional' },
      accessLog: { retention: '1 month' },
      // The application answers CORS itself.
      cors: false,
      // Without it API Gateway reads bytes as text, both ways.
      transform: { api: { binaryMediaTypes: ['*/*'] } },
    })
    // Every path but "/", and "/".
    api.route('ANY /{proxy+}', app.arn)
    api.route('ANY /', app.arn)
    api.deploy()
    return { url: api.url }
  },
})
