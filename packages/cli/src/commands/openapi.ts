import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type Document,
  type OpenApiOptions,
  type OpenApiResult,
  type OpenApiTarget,
  openapi as toDocument,
} from '@expressway/core/openapi'
import { type LoadOptions, loadApplication, type Refusal } from '../application/load.ts'
import { applicationArguments, applicationHelp, readWait } from '../application/options.ts'
import { nearestPackage } from '../application/package.ts'
import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { Failure, usage } from '../failure.ts'
import { suggestion } from '../nearest.ts'
import { differences } from '../openapi/differences.ts'
import { mergeDocuments } from '../openapi/merge.ts'
import { answerApart, runApart, thisProcess } from '../process/apart.ts'
import { isYaml, parseText, yamlOf } from '../yaml.ts'

const { json: _json, ...shared } = applicationArguments

const options = {
  ...shared,
  target: { type: 'string', default: '3.1' },
  title: { type: 'string' },
  version: { type: 'string' },
  out: { type: 'string' },
  strict: { type: 'boolean', default: false },
  check: { type: 'string' },
} as const

const help = `Usage: expressway openapi FILE... [options]

Prints the OpenAPI document of applications: each route with its parameters, and what its contract says. Each file is
loaded in a process of its own. What a document cannot say is a warning on standard error.

  FILE                       a module with an application of @expressway/core, the shim or Express. It may
                             be exported, behind an exported Lambda handler, or behind the server that the module starts
                             (several files make one document). An export openapiOptions has the options of openapi(),
                             such as servers and securitySchemes
  --target TARGET            3.1 (default), 3.0, or api-gateway: 3.0 as API Gateway imports it, with integrations
  --title TEXT               default: openapiOptions, then the name in the nearest package.json
  --version TEXT             default: openapiOptions, then the version in the nearest package.json
  --out FILE                 writes the document to a file: JSON, or YAML if it ends in .yaml or .yml
  --check FILE               compares instead of printing: says which operations are missing, too many or different
  --strict                   warnings are failures
${applicationHelp}

Examples:
  expressway openapi src/app.ts --out openapi.json
  expressway openapi src/app.ts --check openapi.json
  expressway openapi src/users.ts src/orders.ts --title Shop --version 2.0.0 --target 3.0

Exit codes: 0; 1 if no document is made, --check finds a difference, or --strict a warning; 2 for wrong usage.`

export const openapi: Command = { summary: 'Print the OpenAPI document of an application', help, run }

const targets = ['3.1', '3.0', 'api-gateway'] as const

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('openapi', args, options)
  if (positionals.length === 0) throw usage('name the application: expressway openapi FILE.')
  const waitMs = readWait(values.wait)
  const { target, title, version, export: exportName } = values
  if (!isTarget(target)) {
    throw usage(`there is no target "${target}".${suggestion(target, targets)} The targets are ${targets.join(', ')}.`)
  }
  const asked = { title, version, target }
  if (values[thisProcess]) {
    const [file = ''] = positionals
    return answerApart(() => describe({ file: resolve(file), exportName, waitMs }, asked))
  }
  const files = positionals.map((name) => ({ name, file: read.findFile(name, 'person') }))
  const known = values.check === undefined ? undefined : parseFile(values.check)
  const flags = args.filter((arg) => !positionals.includes(arg))
  const documents: { name: string; document: Document }[] = []
  const warnings: string[] = []
  for (const { name, file } of files) {
    const done = terminal.progress(`Loading ${name} …`)
    const made = await runApart<Made>(terminal.program, ['openapi', file, ...flags], name).finally(done)
    if ('message' in made) throw new Failure(made.message, { detail: made.detail })
    documents.push({ name, document: made.document })
    warnings.push(...made.warnings.map((warning) => (files.length > 1 ? `${name}: ${warning}` : warning)))
  }
  for (const warning of warnings) terminal.printError(`warning: ${warning}`)
  const document = mergeDocuments(documents)
  if (known !== undefined)
    return compare(values.check!, known, document, terminal) || Number(isStrict(values, warnings))
  write(document, values.out, terminal)
  return Number(isStrict(values, warnings))
}

const isTarget = (target: string): target is OpenApiTarget => (targets as readonly string[]).includes(target)

const isStrict = ({ strict }: { strict: boolean }, warnings: readonly string[]): boolean =>
  strict && warnings.length > 0

type Made = OpenApiResult | Refusal

type Asked = { title?: string; version?: string; target: OpenApiTarget }

/** The document of one file, made in a process of its own. */
async function describe(load: LoadOptions, { title, version, target }: Asked): Promise<Made> {
  const loaded = await loadApplication(load)
  if ('message' in loaded) return loaded
  const own = (loaded.module['openapiOptions'] ?? {}) as Partial<OpenApiOptions>
  const about = nearestPackage(load.file)
  const all = {
    ...own,
    title: title ?? own.title ?? about.name,
    version: version ?? own.version ?? about.version,
    target,
  }
  if (all.title === undefined || all.version === undefined) {
    const missing = all.title === undefined ? 'title' : 'version'
    const detail = ''
    return { message: `The document needs a ${missing}, which no package.json has: give --${missing}.`, detail }
  }
  try {
    return toDocument(loaded.app, all as OpenApiOptions)
  } catch (error) {
    if (error instanceof TypeError) return { message: `${error.message}.`, detail: '' }
    throw error
  }
}

function write(document: Document, out: string | undefined, terminal: Terminal): void {
  if (out === undefined) {
    terminal.print(JSON.stringify(document, null, 2))
    return
  }
  try {
    writeFileSync(out, isYaml(out) ? yamlOf(document) : `${JSON.stringify(document, null, 2)}\n`)
  } catch (error) {
    throw new Failure(`${out} cannot be written: ${(error as Error).message}.`)
  }
}

function parseFile(name: string): Document {
  const parsed = parseText(readFileSync(read.findFile(name, 'person'), 'utf8'), name) as Partial<Document> | null
  if (typeof parsed?.openapi === 'string' && typeof parsed.paths === 'object') return parsed as Document
  throw usage(`${name} is not an OpenAPI document: it has no "openapi" and "paths".`)
}

function compare(name: string, known: Document, document: Document, terminal: Terminal): number {
  const lines = differences(known, document)
  if (lines.length === 0) terminal.print(`${name} is up to date.`)
  else {
    terminal.print(`${name} differs from the application:`)
    for (const line of lines) terminal.print(`  ${line}`)
    terminal.print('Write it again with --out.')
  }
  return Number(lines.length > 0)
}
