import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Refusal } from '../application/load.ts'
import { applicationArguments, applicationHelp, readWait } from '../application/options.ts'
import { incomparable } from '../application/routes.ts'
import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { examineModule, type ModuleFacts } from '../deploy-check/application.ts'
import { type CheckedModule, checkDeployment } from '../deploy-check/check.ts'
import { countFindings, formatFindings } from '../deploy-check/report.ts'
import { shortPath } from '../doctor/own-files.ts'
import { Failure, usage } from '../failure.ts'
import type { DeployedFunction } from '../infrastructure/deployed.ts'
import { deployedBy } from '../infrastructure/deployment.ts'
import { withoutBase } from '../infrastructure/drift.ts'
import { readTemplate, sentBy, type Template } from '../infrastructure/template.ts'
import { answerApart, runApart, thisProcess } from '../process/apart.ts'

const options = {
  ...applicationArguments,
  handler: { type: 'string' },
  function: { type: 'string' },
  'base-path': { type: 'string' },
  strict: { type: 'boolean', default: false },
} as const

const help = `Usage: expressway deploy-check TEMPLATE [FILE...] [options]

Says what a template forgets for an application before it is deployed: routes that it does not send, permissions,
streaming on one side only, binary media types, time-outs. Each finding has its reason and the lines to paste.

  TEMPLATE                   a SAM or CloudFormation template (JSON or YAML; the CDK's cdk.out/*.template.json), a
                             serverless.yml, a Terraform file, or an OpenAPI document
  FILE                       a module with an application, whose routes are compared; otherwise the bundle that the
                             template names is loaded, if it is built
  --handler FILE             the module whose export Lambda calls; it counts as a FILE, too
  --function NAME            the function in the template, if several get requests
  --base-path PATH           what the application does not see of the template's paths, such as /v1
  --strict                   warnings and hints are failures
  --json                     the findings as JSON, for programs
${applicationHelp}

Examples:
  expressway deploy-check template.yaml --handler src/handler.ts
  expressway deploy-check cdk.out/Api.template.json src/app.ts --function Users
  expressway deploy-check main.tf --handler src/handler.ts --strict --json

Exit codes: 0; 1 if there is an error, or with --strict any finding; 2 for wrong usage.`

/** `expressway deploy-check`: a template and an application, compared before they are deployed. */
export const deployCheck: Command = { summary: 'Say what a deployment forgets for an application', help, run }

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('deploy-check', args, options)
  const [templateName, ...names] = positionals
  const waitMs = readWait(values.wait)
  if (values[thisProcess])
    return answerApart(() => examineModule({ file: resolve(names[0]!), exportName: values.export, waitMs }))
  const { handler, 'base-path': basePath = '', json, strict } = values
  if (basePath !== '' && !basePath.startsWith('/'))
    throw usage(`--base-path starts with "/", and "${basePath}" does not.`)
  const example = 'expressway deploy-check TEMPLATE --handler FILE'
  const template = await readTemplate(read.required(templateName, `name the template: ${example}.`))
  const { sent, warnings, target } = sentBy(template, values.function)
  const deployed = deployedBy(template, target)
  const flags = ['--wait', values.wait, ...(values.export === undefined ? [] : ['--export', values.export])]
  const load = async (name: string, file: string): Promise<CheckedModule> => {
    const done = terminal.progress(`Loading ${name} …`)
    const examine = runApart<ModuleFacts | Refusal>(terminal.program, ['deploy-check', '-', file, ...flags], name)
    const facts = await examine.finally(done)
    if ('message' in facts) throw new Failure(facts.message, { detail: facts.detail })
    return { ...facts, name }
  }
  const modules: CheckedModule[] = []
  for (const name of names) {
    const module = await load(name, read.findFile(name, 'person'))
    if (module.listing === undefined) throw new Failure(withoutApplication(module, values.export))
    modules.push(module)
  }
  if (handler !== undefined) modules.push(await load(handler, read.findFile(handler, 'person')))
  const bundle = bundleOf(deployed.function, template)
  const bundled = handler === undefined && bundle?.isThere ? await load(shortPath(bundle.file), bundle.file) : undefined
  const findings = checkDeployment({
    kind: template.kind,
    deployed,
    sent: sent.map((each) => ({ ...each, path: withoutBase(each.path, basePath) })),
    modules: modules.length === 0 && bundled !== undefined ? [bundled] : modules,
    handlerModule: handler === undefined ? bundled : modules.at(-1),
    missingModule: bundle?.isThere === false ? shortPath(bundle.file) : undefined,
  })
  const left = [...warnings, ...modules.flatMap(({ listing }) => listing?.routes ?? []).flatMap(incomparable)]
  if (json) terminal.print(JSON.stringify({ findings, warnings: left }, null, 2))
  else {
    for (const warning of left) terminal.printError(`warning: ${warning}`)
    terminal.print(`${template.name}: ${countFindings(findings)}.`)
    if (findings.length > 0) terminal.print(`\n${formatFindings(findings, terminal.paint)}`)
  }
  return Number(findings.some(({ severity }) => strict || severity === 'error'))
}

function withoutApplication({ name, handlers }: CheckedModule, exportName: string | undefined): string {
  if (exportName !== undefined) return `${name} has no application: its export "${exportName}" is not one.`
  const exported = Object.keys(handlers).join(', ') || 'no function'
  return `${name} has no application (it exports ${exported}). Export it, name its export by --export, or name a handler by --handler.`
}

/** The module that the template's handler names; undefined if its folder is not known or not there yet. */
function bundleOf(
  described: DeployedFunction | undefined,
  { file }: Template,
): { file: string; isThere: boolean } | undefined {
  const { folder, handler } = described ?? {}
  if (folder === undefined || handler === undefined) return undefined
  const [module = ''] = /^.*\/|^/.exec(handler) ?? []
  const path = join(dirname(file), folder, module + handler.slice(module.length).split('.')[0])
  if (!existsSync(dirname(path))) return undefined
  const candidates = ['.mjs', '.js', '.cjs'].map((extension) => path + extension)
  const found = candidates.find((each) => existsSync(each))
  return { file: found ?? `${path}.mjs`, isThere: found !== undefined }
}
