import { listingOf } from '../../packages/cli/src/application/routes.ts'
import {
  type DeployedGateway,
  type Deployment,
  type DeploymentFiles,
  deploymentFiles,
  type Tool,
} from '../../packages/create/src/deployment.ts'
import { app } from './app.ts'

export const tools: readonly Tool[] = ['sam', 'cdk', 'terraform', 'serverless', 'sst', 'zip']
export const gateways: readonly DeployedGateway[] = ['rest-api', 'http-api', 'function-url', 'alb']

export const listing = listingOf({ app })

/** A deployment of the example, by what makes it differ: `sam-http-api`, `sam-rest-api-streaming`. */
export interface Generated extends DeploymentFiles {
  readonly name: string
  readonly tool: Tool
  readonly deployment: Deployment
}

/** Every deployment of the example. */
export const generated: readonly Generated[] = tools.flatMap((tool) =>
  gateways.flatMap((gateway) => {
    const modes = gateway === 'rest-api' || gateway === 'function-url' ? [false, true] : [false]
    return modes.map((streaming): Generated => {
      const deployment: Deployment = {
        name: 'my-api',
        gateway,
        streaming,
        language: 'typescript',
        routes: listing.routes,
      }
      const name = `${tool}-${gateway}${streaming ? '-streaming' : ''}`
      return { name, tool, deployment, ...deploymentFiles(tool, deployment) }
    })
  }),
)

/** The deployments of a tool. */
export const generatedBy = (tool: Tool): Generated[] => generated.filter((each) => each.tool === tool)
