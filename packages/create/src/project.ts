import type { Choices } from './choices.ts'
import { type DeploymentFiles, deploymentFiles } from './deployment.ts'
import { application, extension, handler, routesOf } from './project/application.ts'
import { managerFiles, manifest } from './project/manifest.ts'
import { readme } from './project/readme.ts'
import { testConfiguration, tests } from './project/tests.ts'

/** The files of a project, by their path in its folder. */
export function project(name: string, choices: Choices): Record<string, string> {
  const file = extension(choices)
  const deployment = deploymentOf(name, choices)
  const packageJson = manifest(name, choices, deployment)
  const { scripts, devDependencies } = JSON.parse(packageJson)
  return {
    'package.json': packageJson,
    'README.md': readme(name, choices, Object.keys(scripts)),
    '.gitignore': `${ignored(choices).join('\n')}\n`,
    'build.js': build(file),
    ...(file === 'ts' && { 'tsconfig.json': tsconfig(choices) }),
    ...testConfiguration(choices),
    ...managerFiles(choices, Object.keys(devDependencies)),
    [`src/app.${file}`]: application(choices),
    [`src/handler.${file}`]: handler(choices),
    [`test/app.test.${file}`]: tests(choices),
    ...deployment.files,
  }
}

function deploymentOf(name: string, choices: Choices): DeploymentFiles {
  const { deploy, gateway, streaming, language } = choices
  if (deploy === 'none') return { files: {}, scripts: {}, devDependencies: {} }
  return deploymentFiles(deploy, { name, gateway, streaming, language, routes: routesOf(choices) })
}

/** What the tools of a project write beside the sources. */
const ignored = ({ packageManager, deploy }: Choices): string[] => [
  'node_modules',
  'dist',
  ...(packageManager === 'yarn' ? ['.yarn'] : []),
  ...written[deploy],
]

const written: Readonly<Record<Choices['deploy'], readonly string[]>> = {
  sam: ['.aws-sam'],
  cdk: ['cdk.out'],
  terraform: ['.terraform', '*.tfstate*', '*.tfplan'],
  serverless: ['.serverless'],
  sst: ['.sst'],
  zip: ['function.zip', 'api.filled.json'],
  none: [],
}

const build = (file: string): string => `// Bundles the handler into the one file that Lambda loads.
import { build } from 'esbuild'

await build({
  entryPoints: ['src/handler.${file}'],
  outfile: 'dist/handler.mjs',
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Packages in CommonJS call require(), which an ES module does not have.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
})
`

const tsconfig = ({ test, deploy }: Choices): string => `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "types": ["node"${test === 'jest' ? ', "jest"' : ''}],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["src", "test"${deploy === 'cdk' ? ', "cdk"' : ''}]
}
`
