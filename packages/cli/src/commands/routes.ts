import { resolve } from 'node:path'
import type { Refusal } from '../application/load.ts'
import { applicationArguments, applicationHelp, readWait } from '../application/options.ts'
import { incomparable, joinListings, type ListedRoute, type Listing, listRoutes } from '../application/routes.ts'
import * as read from '../arguments.ts'
import type { Command, Terminal } from '../command.ts'
import { Failure, usage } from '../failure.ts'
import { compareRoutes, type Drift, withoutBase } from '../infrastructure/drift.ts'
import { everyPath } from '../infrastructure/sent.ts'
import { readTemplate, sentBy } from '../infrastructure/template.ts'
import { answerApart, runApart, thisProcess } from '../process/apart.ts'

const options = {
  ...applicationArguments,
  against: { type: 'string' },
  function: { type: 'string' },
  'base-path': { type: 'string' },
} as const

const help = `Usage: expressway routes FILE... [options]

Lists the routes of applications: method, path, whether they have a contract, and the functions that a request meets.
With --against it compares them with what an infrastructure sends to the function.

  FILE                       a module with an application of @expressway/core, @expressway/express-shim or Express. It
                             may be exported, behind an exported Lambda handler, or behind the module's server
  --against TEMPLATE         a SAM or CloudFormation template (JSON or YAML; the CDK's cdk.out/*.template.json), a
                             serverless.yml, a Terraform file, or an OpenAPI document
  --function NAME            the function in the template, if several get requests
  --base-path PATH           what the application does not see of the template's paths, such as /v1
  --json                     the result as JSON, for programs
${applicationHelp}

Examples:
  expressway routes src/app.ts
  expressway routes src/app.ts --against template.yaml
  expressway routes src/users.ts --against cdk.out/Api.template.json --function Users

Exit codes: 0; 1 if an application cannot be loaded, or --against finds a difference; 2 for wrong usage.`

export const routes: Command = { summary: 'List routes, or compare them with a template', help, run }

interface Duplicate {
  readonly method: string
  readonly path: string
  /** The path of the route that was registered before it. */
  readonly first: string
}

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('routes', args, options)
  if (positionals.length === 0) throw usage('name the application: expressway routes FILE.')
  const waitMs = readWait(values.wait)
  const { against, function: target, 'base-path': basePath = '' } = values
  if (against === undefined && (target ?? basePath) !== '')
    throw usage('--function and --base-path need --against TEMPLATE.')
  if (basePath !== '' && !basePath.startsWith('/'))
    throw usage(`--base-path starts with "/", and "${basePath}" does not.`)
  if (values[thisProcess]) {
    const [file = ''] = positionals
    return answerApart(() => listRoutes({ file: resolve(file), exportName: values.export, waitMs }))
  }
  const files = positionals.map((name) => ({ name, file: read.findFile(name, 'person') }))
  const template = against === undefined ? undefined : sentBy(await readTemplate(against), target)
  const flags = args.filter((arg) => !positionals.includes(arg))
  const listings: Listing[] = []
  for (const { name, file } of files) {
    const done = terminal.progress(`Loading ${name} …`)
    const made = await runApart<Listing | Refusal>(terminal.program, ['routes', file, ...flags], name).finally(done)
    if ('message' in made) throw new Failure(made.message, { detail: made.detail })
    listings.push(made)
  }
  const all = joinListings(listings)
  if (template !== undefined) all.warnings.push(...template.warnings, ...all.routes.flatMap(incomparable))
  if (!values.json) for (const warning of all.warnings) terminal.printError(`warning: ${warning}`)
  if (template === undefined) return show(all, values.json, terminal)
  const sent = template.sent.map((each) => ({ ...each, path: withoutBase(each.path, basePath) }))
  return showDrift(compareRoutes(all.routes, sent, all.mounts), all, { against: against!, json: values.json }, terminal)
}

/** Routes whose requests all go to one that was registered before. */
function duplicatesOf(list: readonly ListedRoute[]): Duplicate[] {
  const first = new Map<string, string>()
  return list.flatMap(({ method, path, templates }) => {
    const keys = templates.map((template) => `${method} ${template.replace(/\{[^}+]*/g, '{')}`)
    const earlier = keys.map((key) => first.get(key)).find((found) => found !== undefined)
    for (const key of keys) if (!first.has(key)) first.set(key, path)
    return earlier === undefined ? [] : [{ method, path, first: earlier }]
  })
}

function show(listing: Listing, json: boolean, terminal: Terminal): number {
  const { routes: listed, warnings } = listing
  const duplicates = duplicatesOf(listed)
  if (json) terminal.print(JSON.stringify({ routes: listed, duplicates, warnings }, null, 2))
  else {
    const rows = listed.map(({ method, path, contract, handlers }) => [
      method,
      path,
      contract ? 'contract' : '',
      handlers.join(', '),
    ])
    for (const line of columns(rows)) terminal.print(line)
    for (const { method, path, first } of duplicates) {
      const also = first === path ? '' : ` as ${first}`
      terminal.print(`${method} ${path} is registered twice${also}: the first route answers`)
    }
  }
  return 0
}

function columns(rows: readonly string[][]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function showDrift(
  drift: Drift,
  { warnings }: Listing,
  { against, json }: { against: string; json: boolean },
  terminal: Terminal,
): number {
  const { unsent, unknown } = drift
  const differs = unsent.length > 0 || unknown.length > 0
  if (json) terminal.print(JSON.stringify({ ...drift, warnings }, null, 2))
  else if (!differs) terminal.print(`${against} and the routes agree.`)
  else {
    terminal.print(`${against} and the routes differ:`)
    const rows = [
      ...unsent.map(({ method, path }) => ['not sent ', `${method} ${path}`, '']),
      ...unknown.map(({ method, path, place }) => ['not known', `${method} ${shownPath(path)}`, `(${place})`]),
    ]
    for (const line of columns(rows)) terminal.print(`  ${line}`)
  }
  return Number(differs)
}

/** A path as a person reads it. */
export const shownPath = (path: string): string => (path === everyPath ? '$default' : path)
