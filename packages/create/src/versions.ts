import manifest from '../package.json' with { type: 'json' }

/** The version of this package, and of every package of Expressway with it. */
export const version: string = manifest.version

const own = `^${version}`

/** The versions that a project is made with: those that Expressway itself is tested with, as far as it uses them. */
export const versions = {
  '@cdktf/hcl2json': '^0.21.0',
  '@expressway/cli': own,
  '@expressway/core': own,
  '@expressway/express-shim': own,
  '@expressway/testing': own,
  '@swc/core': '^1.16.22',
  '@swc/jest': '^0.2.39',
  '@types/express': '^5.0.6',
  '@types/jest': '^30.0.0',
  '@types/node': '^24.19.2',
  'aws-cdk': '^2.1148.1',
  'aws-cdk-lib': '^2.276.0',
  constructs: '^10.8.1',
  esbuild: '^0.28.2',
  jest: '^30.5.2',
  serverless: '^4.43.0',
  sst: '^4.17.1',
  typescript: '^7.0.2',
  // 8.4.0 has an optional dependency that is not in the registry, which Yarn 1 does not install.
  vite: '~8.3.8',
  vitest: '^5.1.1',
} as const

export type Dependency = keyof typeof versions
