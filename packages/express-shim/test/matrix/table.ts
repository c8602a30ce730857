import { type AliasRun, runUnderAlias } from './alias.ts'
import { type Results, resultsOfAll } from './runner.ts'
import { type Middleware, type Scenario, versionOf } from './scenario.ts'
import { columns, type TargetName, targets } from './targets.ts'

const opening = `# Middleware from npm

This page says which middleware from npm works with the shim, on which event source. A test takes each package from npm unchanged, and
runs scenarios with it: what the README of the package promises. Each scenario runs with Express on a real server, and with the shim on
a real server and behind every gateway in each of its modes. It passes if status, headers, body and side effects (log lines, stored
sessions, files) are the same as with Express, and the gateway has no warning.

- REST API: whole and streamed answers, \`*/*\` among its binary media types.
- HTTP API: payload formats 2.0 and 1.0.
- Function URL: whole and streamed answers.
- ALB: multi-value headers off and on.
- VPC Lattice: event versions 2.0 and 1.0.

What a gateway changes for every application, whichever framework it uses, does not count against a package. A REST API renames
\`Connection\`, \`Content-Length\`, \`Date\`, \`Server\` and \`WWW-Authenticate\` to \`x-amzn-Remapped-…\`, and a function URL renames \`Date\` and
\`WWW-Authenticate\`. API Gateway adds \`application/json\` if an answer has no \`Content-Type\`. Each gateway sends an answer with its
length, and not with \`Transfer-Encoding: chunked\`.

If a package is not in the table, run \`npx @expressway/cli doctor\` ([What the doctor finds](doctor.md)) and
[compare](index.md#run-both-and-compare) its answers with Express. The test run writes this page
(\`UPDATE_DOCS=1 pnpm exec vitest run packages/express-shim/test/matrix\`); do not edit it.
`

/** The page of the documentation, from what the run found. */
export async function toDocument(all: readonly Middleware[]): Promise<string> {
  const found: [Middleware, Results[]][] = []
  for (const each of all) found.push([each, await resultsOfAll(each)])
  const heads = ['middleware', 'version', 'scenarios', ...columns, 'note']
  const rows = found.map(([middleware, results]) => toRow(middleware, results))
  const scenarios = found.map(([middleware, results]) => toSection(middleware, results))
  const total = all.reduce((sum, { scenarios }) => sum + scenarios.length, 0)
  return [
    opening,
    line(heads),
    line(heads.map((_, index) => (index > 1 && index < heads.length - 1 ? ':---:' : '---'))),
    ...rows.map(line),
    `\n${all.length} rows, ${total} scenarios, ${total * Object.keys(targets).length} runs of the shim.\n`,
    toAliasSection(await runUnderAlias(all)),
    '## What was run\n',
    ...scenarios,
  ].join('\n')
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** What the packages do that require `express` themselves, when they are given the shim. */
function toAliasSection(runs: readonly AliasRun[]): string {
  const counts = (some: readonly AliasRun[]) => [
    String(some.length),
    String(sum(some.map(({ middleware }) => middleware.scenarios.length))),
    String(sum(some.map(({ equal }) => equal))),
  ]
  const requiring = runs.filter((run) => run.requiring.length > 0)
  const names = [...new Set(requiring.flatMap((run) => run.requiring))].sort()
  return [
    '## Under the name `express`\n',
    'The same scenarios run on a real server and on a function URL while the shim is installed [under the name `express`](alias.md), for',
    'packages that require `express` themselves. A scenario is equal if both results are those of the table above.\n',
    line(['', 'rows', 'scenarios', 'equal']),
    line(['---', ':---:', ':---:', ':---:']),
    line(['all', ...counts(runs)]),
    line(['whose packages require `express` themselves', ...counts(requiring)]),
    `\nThese packages did: ${names.map((name) => `\`${name}\``).join(', ')}.\n`,
  ].join('\n')
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function toRow(middleware: Middleware, results: readonly Results[]): string[] {
  const { name, packages = [name], scenarios, note = '' } = middleware
  const versions = packages.map((each) => (packages.length > 1 ? `${each} ${versionOf(each)}` : versionOf(each)))
  const cells = columns.map((column) => {
    const names = namesIn(column)
    const passed = results.filter((each) => names.every((target) => each[target] === undefined)).length
    return passed === scenarios.length ? '✓' : `${passed} of ${scenarios.length}`
  })
  return [name, versions.join(', '), String(scenarios.length), ...cells, [note, ...reasons(scenarios)].join(' ').trim()]
}

const namesIn = (column: string): TargetName[] =>
  (Object.keys(targets) as TargetName[]).filter((name) => targets[name].column === column)

/** Why something cannot work: each reason once, with where it holds. */
function reasons(scenarios: readonly Scenario[]): string[] {
  const where = new Map<string, Set<string>>()
  for (const { cannot = {} } of scenarios) {
    for (const [name, reason] of Object.entries(cannot)) {
      where.set(reason, (where.get(reason) ?? new Set()).add(targets[name as TargetName].column))
    }
  }
  return [...where].map(([reason, names]) => `${[...names].join(', ')}: ${reason}`)
}

function toSection({ name, scenarios }: Middleware, results: readonly Results[]): string {
  const items = scenarios.map(({ title }, index) => {
    const failed = Object.entries(results[index] as Results).filter(([, fault]) => fault !== undefined)
    return `- ${title}${failed.length === 0 ? '' : ` (not on ${failed.map(([target]) => target).join(', ')})`}`
  })
  return `**${name}**\n\n${items.join('\n')}\n`
}
