import { type Choices, choices as table } from '../choices.ts'
import { runScript } from '../package-managers.ts'
import { extension } from './application.ts'

/** `README.md`: the commands. */
export function readme(name: string, choices: Choices, scripts: readonly string[]): string {
  const file = extension(choices)
  const meanings: Record<string, string> = {
    dev: `serves \`src/handler.${file}\` at http://localhost:3000 through the gateway \`${choices.gateway}\`, and reloads it`,
    test: 'sends requests through the same gateway to the handler',
    types: 'checks the types',
    build: 'bundles the handler into `dist/handler.mjs`, with its source map',
    routes: 'lists the routes',
    'deploy:check': 'finds what the deployment files forget for this application',
    deploy: `deploys the bundle: ${choices.deploy === 'none' ? '' : table.deploy.names[choices.deploy]}`,
  }
  const rows = scripts
    .filter((script) => script in meanings)
    .map((script) => `| \`${runScript(choices.packageManager, script)}\` | ${meanings[script]} |`)
  return `# ${name}

An HTTP API on AWS Lambda. \`src/app.${file}\` has the routes, \`src/handler.${file}\` is what Lambda calls.

| command | what it does |
| --- | --- |
${rows.join('\n')}

\`\`\`sh
${choices.packageManager} install
${runScript(choices.packageManager, 'dev')}
curl http://localhost:3000/hello/ada
\`\`\`
`
}
