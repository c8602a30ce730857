import { describe, expect, it } from 'vitest'
import { type Deployment, deploymentFiles, type Tool } from '../src/deployment.ts'

const deployment: Deployment = {
  name: 'my-api',
  gateway: 'http-api',
  streaming: false,
  language: 'typescript',
  routes: [
    { method: 'GET', path: '/' },
    { method: 'GET', path: '/users/:id' },
    { method: 'PUT', path: '/users/:id' },
    { method: 'GET', path: '/files/*path' },
  ],
}
const tools: readonly Tool[] = ['sam', 'cdk', 'terraform', 'serverless', 'sst', 'zip']

describe('deploymentFiles', () => {
  it('sends each path once, with every method', () => {
    const { files } = deploymentFiles('terraform', deployment)
    expect(files['main.tf']!.match(/"ANY [^"]*"/g)).toEqual(['"ANY /"', '"ANY /users/{id}"', '"ANY /files/{path+}"'])
  })

  it('two paths never have the same name', () => {
    const routes = ['/a-b', '/a/b', '/a/:b'].map((path) => ({ method: 'GET', path }))
    const { files } = deploymentFiles('sam', { ...deployment, routes })
    expect(files['template.yaml']!.match(/^ {8}AB\d?:$/gm)).toEqual(['        AB:', '        AB2:', '        AB3:'])
  })

  it.each(tools)('%s: the script deploys what was built just before', (tool) => {
    const { scripts } = deploymentFiles(tool, deployment)
    expect(scripts['deploy']).toMatch(/^node --run build && /)
    expect(Object.values(scripts).join('\n')).not.toMatch(/\b(npm|pnpm|yarn|npx)\b/)
  })

  it('the check names the handler by its extension', () => {
    expect(deploymentFiles('sam', deployment).scripts['deploy:check']).toContain('--handler src/handler.ts')
    const files = deploymentFiles('cdk', { ...deployment, language: 'javascript' })
    expect(files.scripts['deploy:check']).toContain('--handler src/handler.js')
    expect(Object.keys(files.files)).toEqual(['cdk.json', 'cdk/app.js', 'cdk/expressway-function.js'])
    expect(files.files['cdk/expressway-function.js']).not.toMatch(/: string|import type|FunctionProps/)
  })

  it.each(tools)('%s: nothing is left to fill in', (tool) => {
    for (const gateway of ['rest-api', 'http-api', 'function-url', 'alb'] as const)
      for (const text of Object.values(deploymentFiles(tool, { ...deployment, gateway }).files))
        expect(text).not.toMatch(/undefined|\[object|NaN|TODO/)
  })

  it.each<[string, Partial<Deployment>, RegExp]>([
    ['a name', { name: 'My API' }, /lower-case letters, digits and hyphens, at most 63: not "My API"\.$/],
    [
      'streaming behind an HTTP API',
      { streaming: true },
      /do not stream behind http-api: choose function-url or rest-api/,
    ],
    ['streaming behind a load balancer', { streaming: true, gateway: 'alb' }, /do not stream behind alb/],
    [
      'an optional part',
      { routes: [{ method: 'GET', path: '/a{/:b}' }] },
      /API Gateway has no form for the path "\/a\{\/:b\}"/,
    ],
    ['a wildcard inside', { routes: [{ method: 'GET', path: '/*a/b' }] }, /no form for the path "\/\*a\/b"/],
  ])('refuses %s', (_name, part, message) => {
    const make = () => deploymentFiles('sam', { ...deployment, ...part })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })
})
