import { cdk } from './deployment/cdk.ts'
import { sam } from './deployment/sam.ts'
import { serverless } from './deployment/serverless.ts'
import { sst } from './deployment/sst.ts'
import { terraform } from './deployment/terraform.ts'
import { zip } from './deployment/zip.ts'

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

const tools: Record<Tool, (deployment: Deployment) => DeploymentFiles> = { sam, cdk, terraform, serverless, sst, zip }

/**
 * The files that deploy a project's bundle, `dist/handler.mjs`, which its script `build` makes and which exports `handler`.
 * @throws TypeError if the name is not made of lower-case letters, digits and hyphens, if the gateway does not stream, or if
 * a path has more than parameters and a wildcard at its end
 */
export function deploymentFiles(tool: Tool, deployment: Deployment): DeploymentFiles {
  const { name, gateway, streaming } = deployment
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
    throw new TypeError(
      `The name of a deployment starts with a letter and has lower-case letters, digits and hyphens, at most 63: not "${name}".`,
    )
  }
  if (streaming && (gateway === 'http-api' || gateway === 'alb')) {
    throw new TypeError(
      `Answers do not stream behind ${gateway}: choose function-url or rest-api, or leave streaming out.`,
    )
  }
  return tools[tool](deployment)
}
