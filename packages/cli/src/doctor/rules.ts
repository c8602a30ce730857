/** What is the same for every finding of a kind: why it matters on Lambda, and what to do about it. */
interface Advice {
  readonly why: string
  readonly fix: string
}

/** Why each kind of finding matters, and its fix. */
export const rules = {
  handler: {
    why: 'Lambda calls an export of the module; nobody connects to a port.',
    fix: "Import express from '@expressway/express-shim', and add: export const handler = app.handler",
  },
  'express-4': {
    why: 'The shim is Express 5: req.query is not nested, its req.body is undefined without a parser, paths are stricter.',
    fix: 'Move to Express 5 first (https://expressjs.com/en/guide/migrating-5.html), or keep Express 4 as it is behind toLambdaHandler(app) of @expressway/express-shim/listener.',
  },
  'express-4-path': {
    why: 'Express 5 takes paths of path-to-regexp 8: this one throws when it is registered.',
    fix: "'/files/*' becomes '/files/*path', '/:id?' becomes '{/:id}', '/:id(\\d+)' a check in the handler or a RegExp.",
  },
  'express-4-api': {
    why: 'Express 5, and so the shim, does not have it any more.',
    fix: 'See https://expressjs.com/en/guide/migrating-5.html for what takes its place.',
  },
  'error-stacks': {
    why: 'Lambda does not set NODE_ENV. Express then sends the stack of an error to the client, with the paths of your files.',
    fix: "Set NODE_ENV=production in the function's environment variables, or app.set('env', 'production').",
  },
  'client-gone': {
    why: "Only a streamed answer can learn that the client went away. On every other source 'close' comes only after the answer's own end: a loop that waits for it runs, and is paid for, until the function's time-out.",
    fix: 'Stream (export const handler = app.streamHandler), or end the loop by itself: after a number of events, or when req.lambda.context.getRemainingTimeInMillis() runs low.',
  },
  listen: {
    why: 'On Lambda nothing connects to a port; opening one only makes each cold start longer.',
    fix: 'Keep it for local runs: if (import.meta.main) app.listen(3000), in CommonJS if (require.main === module).',
  },
  port: {
    why: 'Lambda sets no PORT: the variable is undefined there.',
    fix: 'Use it only where the application listens, within if (import.meta.main).',
  },
  'session-store': {
    why: 'Each execution environment has a memory of its own, and loses it: users are signed out at random.',
    fix: 'Keep sessions in DynamoDB or Redis (connect-dynamodb, connect-redis), or in the cookie itself (cookie-session).',
  },
  'rate-limit-store': {
    why: 'Each execution environment counts for itself: the limit is multiplied by their number, and forgets.',
    fix: "Count in Redis or DynamoDB (rate-limit-redis), or let the gateway do it: usage plans, throttling, AWS WAF's rate rules.",
  },
  timer: {
    why: 'Between two requests the process is frozen: a timer fires late, or never.',
    fix: 'Give the work to an EventBridge schedule, with a function of its own or through onOtherEvent.',
  },
  'file-write': {
    why: 'All of the file system but /tmp is read-only: this fails with EROFS. /tmp is one environment’s own, and goes with it.',
    fix: 'Write scratch files below os.tmpdir(), and what is to stay to S3.',
  },
  websocket: {
    why: 'No gateway hands a connection on to a function: an upgrade never reaches it.',
    fix: 'Use a WebSocket API of API Gateway (its events come to onOtherEvent), AppSync Events or IoT Core; server-sent events stream over a function URL.',
  },
  'static-folder': {
    why: 'A function has the files of its package only, and a bundler does not follow this folder.',
    fix: 'Copy the folder into the package and name it from import.meta.dirname, or serve it from S3 behind CloudFront.',
  },
  'large-file': {
    why: 'A result holds 6 MB, and as base64 4.5 MB of bytes; behind a load balancer 1 MB.',
    fix: 'Put it in S3 and redirect to a signed URL, or stream: export const handler = app.streamHandler (up to 200 MB).',
  },
  'large-request': {
    why: 'An event holds 6 MB, and as base64 4.5 MB of bytes; behind a load balancer 1 MB. What is larger never arrives.',
    fix: 'Let the client upload to S3 with a signed URL (createPresignedPost), and send the key.',
  },
  streaming: {
    why: 'app.handler answers whole: what is written goes out when the response ends, and one that never ends becomes a 503.',
    fix: 'export const handler = app.streamHandler, behind a function URL (RESPONSE_STREAM) or a REST API (STREAM).',
  },
  cluster: {
    why: 'Lambda starts execution environments as requests come: workers of one’s own only make its start longer.',
    fix: 'Keep it within what runs locally only: if (import.meta.main).',
  },
  'trust-proxy': {
    why: 'It believes the first address of X-Forwarded-For, and that is what the client wrote there itself.',
    fix: "Leave it off, or app.set('trust proxy', 1), 2 behind CloudFront: the gateway counts as one hop.",
  },
  compression: {
    why: 'A REST API passes bytes on as base64 text unless it is told that they are bytes.',
    fix: "Set the REST API's binaryMediaTypes to */*; the other event sources need nothing. CloudFront can compress as well.",
  },
  views: {
    why: 'A bundler follows neither templates nor an engine that Express looks up by name.',
    fix: "Copy the templates into the package, app.set('views', join(import.meta.dirname, 'views')), app.engine('pug', pug.__express).",
  },
  'memory-cache': {
    why: 'Each execution environment has a cache of its own: it is cold often, and two of them disagree.',
    fix: 'Treat it as a hint with a short life, or use ElastiCache, DynamoDB, or cache-control with CloudFront.',
  },
  'load-error': {
    why: 'On Lambda an error that nobody catches ends the execution environment.',
    fix: 'Connect lazily, or await it at the top of the module; where it is only missing here, set what it needs and run again.',
  },
} as const satisfies Record<string, Advice>

/** The name of a rule, as findings show it in brackets. */
export type Rule = keyof typeof rules

/** A place in a source file. */
export interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** One thing that will behave differently on Lambda. */
export interface Finding extends Advice, Partial<Place> {
  readonly rule: Rule
  readonly what: string
}

/** A finding with the advice of its rule. */
export const finding = (rule: Rule, what: string, place?: Place): Finding => ({
  rule,
  ...(place && { file: place.file, line: place.line }),
  what,
  ...rules[rule],
})
