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
      // A streamed answer may take longer than the 29 seconds of a buffered one.
      timeout: '300 seconds',
      logging: { retention: '1 month' },
      environment: { NODE_ENV: 'production', NODE_OPTIONS: '--enable-source-maps' },
      streaming: true,
      // SST adds both permissions that a public URL needs. The application answers CORS itself.
      url: { cors: false },
    })
    return { url: app.url }
  },
})
