import type { Paint } from '../terminal.ts'
import type { Examination } from './examine.ts'
import { shortPath } from './own-files.ts'
import type { Entry } from './routes.ts'
import type { Finding } from './rules.ts'

/** An examination as text for people. */
export function formatReport({ application, entries, findings, files, failure }: Examination, paint: Paint): string {
  const listedFindings = findings.flatMap((found) => formatFinding(found, paint))
  if (failure !== undefined || application === undefined) return ['Its sources show:', ...listedFindings].join('\n')
  const name = shortPath(files[0] ?? '')
  const what = `${application.kind}, found ${application.origin}`
  const listed = entries.length === 0 ? [] : ['', 'Routes and middleware, in order:', ...formatEntries(entries)]
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  return [`${name}: ${what}`, ...listed, '', `${count}.`, ...listedFindings].join('\n')
}

function formatEntries(entries: readonly Entry[]): string[] {
  const rows = entries.map((entry) => {
    const kind = entry.kind === 'middleware' ? 'use' : entry.methods.join(',') || 'all'
    const names = entry.handlers.join(', ')
    return [kind, entry.path, entry.package === undefined ? names : `${names} (${entry.package})`, place(entry)]
  })
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}

const place = ({ file, line }: { file?: string; line?: number }): string =>
  file === undefined ? '' : `${shortPath(file)}:${line}`

function formatFinding(found: Finding, paint: Paint): string[] {
  const at = place(found)
  return [
    '',
    `${at === '' ? '' : `${paint('bold', at)}  `}${found.what}  ${paint('yellow', `[${found.rule}]`)}`,
    `  why  ${found.why}`,
    `  fix  ${found.fix}`,
  ]
}
