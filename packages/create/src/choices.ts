import type { DeployedGateway, Tool } from './deployment.ts'

/** What a project is made of. */
export interface Choices {
  framework: 'core' | 'express'
  language: 'typescript' | 'javascript'
  gateway: DeployedGateway
  /** Whether answers are sent as they are written. */
  streaming: boolean
  test: 'vitest' | 'jest' | 'node'
  deploy: Tool | 'none'
  packageManager: 'npm' | 'pnpm' | 'yarn'
}

/** A choice among names. */
export interface Choice<Name extends string = string> {
  /** What is asked on a terminal. */
  readonly question: string
  /** Each name with what it means; the first is the default. */
  readonly names: Readonly<Record<Name, string>>
}

/** Every choice that is asked for: flags, the help, errors and questions follow from it. */
export const choices = {
  framework: {
    question: 'Which framework?',
    names: {
      core: "Expressway's own: small, typed, a quick cold start",
      express: 'Express 5: its API and its middleware',
    },
  },
  language: {
    question: 'Which language?',
    names: { typescript: 'TypeScript', javascript: 'JavaScript' },
  },
  gateway: {
    question: 'What is in front of the function?',
    names: {
      'http-api': 'API Gateway, HTTP API: the simple one',
      'rest-api': 'API Gateway, REST API: API keys, caching, WAF, streaming',
      'function-url': 'Lambda function URL: no gateway to pay for, streaming',
      alb: 'Application Load Balancer: in a VPC that you have',
    },
  },
  test: {
    question: 'Which test runner?',
    names: { vitest: 'Vitest', jest: 'Jest', node: 'node:test, which needs no package' },
  },
  deploy: {
    question: 'How is it deployed?',
    names: {
      sam: 'AWS SAM',
      cdk: 'AWS CDK',
      terraform: 'Terraform',
      serverless: 'Serverless Framework',
      sst: 'SST',
      zip: 'a zip file and the AWS CLI',
      none: 'not yet: no deployment files',
    },
  },
} satisfies { [Key in Exclude<keyof Choices, 'streaming' | 'packageManager'>]: Choice<Choices[Key]> }

/** The name of a choice, and of its flag. */
export type ChoiceName = keyof typeof choices

/** Whether a gateway passes on answers while they are written. */
export const canStream = (gateway: DeployedGateway): boolean => gateway === 'function-url' || gateway === 'rest-api'

/** The names of a choice, the default first. */
export const namesOf = <Name extends ChoiceName>(choice: Name): Choices[Name][] =>
  Object.keys(choices[choice].names) as Choices[Name][]

/** Everything that was not chosen is the default; a project that streams is by default behind a function URL. */
export function complete(given: Partial<Choices> & Pick<Choices, 'packageManager'>): Choices {
  return {
    framework: namesOf('framework')[0]!,
    language: namesOf('language')[0]!,
    gateway: given.streaming ? 'function-url' : namesOf('gateway')[0]!,
    streaming: false,
    test: namesOf('test')[0]!,
    deploy: namesOf('deploy')[0]!,
    ...given,
  }
}
