// biome-ignore lint/suspicious/noExplicitAny: each framework has types of its own for event and context
type Any = any

/** A Lambda handler, as Lambda calls it. */
export type LambdaHandler = (event: Any, context: Any) => unknown

/** The same applications, written as each framework's users would write them. */
export interface Contender {
  /** hello, get-json, path-param, query, post-json, binary and not-found. */
  basic(): LambdaHandler | Promise<LambdaHandler>
  /** One route behind five middlewares that count. */
  middleware(): LambdaHandler | Promise<LambdaHandler>
  /** `/resource0/:id` to `/resource<count - 1>/:id`. */
  routes(count: number): LambdaHandler | Promise<LambdaHandler>
  /** 100 KB of text, compressed. */
  gzip?(): LambdaHandler | Promise<LambdaHandler>
  /** Security headers, cookies, body parser, two routers, error handler. */
  realistic?(): LambdaHandler | Promise<LambdaHandler>
}

/** Every contender by the name of its file, with the packages whose versions the report prints. */
export const contenders = {
  bare: { label: 'bare handler', packages: [] },
  core: { label: '@expressway/core', packages: ['@expressway/core'] },
  'express-shim': { label: '@expressway/express-shim', packages: ['@expressway/express-shim'] },
  'express-listener': { label: 'Express, our listener', packages: ['express'] },
  'express-serverless-http': { label: 'Express, serverless-http', packages: ['express', 'serverless-http'] },
  'express-serverless-express': {
    label: 'Express, serverless-express',
    packages: ['express', '@codegenie/serverless-express'],
  },
  'lambda-api': { label: 'lambda-api', packages: ['lambda-api'] },
  hono: { label: 'Hono', packages: ['hono'] },
  powertools: { label: 'Powertools', packages: ['@aws-lambda-powertools/event-handler'] },
  fastify: { label: 'Fastify', packages: ['fastify', '@fastify/aws-lambda'] },
  koa: { label: 'Koa, serverless-http', packages: ['koa', 'serverless-http'] },
  itty: { label: 'itty-router, six-line adapter', packages: ['itty-router'] },
} as const satisfies Record<string, { label: string; packages: readonly string[] }>

export type ContenderName = keyof typeof contenders

export const contenderNames = Object.keys(contenders) as ContenderName[]
