export type Tool = 'sam' | 'cdk' | 'terraform' | 'serverless' | 'sst' | 'zip'
export type DeployedGateway = 'rest-api' | 'http-api' | 'function-url' | 'alb'
/** What a deployment is made for. */
export interface Deployment {
  /** Name of the project and of its function: lower case, digits, hyphens. */
  name: string
  gateway: DeployedGateway
  /** Whether answers stream. Not with `http-api` or `alb`. */
  streaming: boolean
  /** Extension of the source files. */
  language: 'typescript' | 'javascript'
  /** Routes of the application, in path-to-regexp's syntax. */
  routes: readonly { method: string; path: string }[]
}
/** Files by their path in the project, and what they need in package.json. */
export interface DeploymentFiles {
  files: Record<string, string>
  scripts: Record<string, string>
  devDependencies: Record<string, string>
}
