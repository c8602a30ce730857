import type { Colour, Paint } from '../terminal.ts'
import type { Finding, Severity } from './rules.ts'

const colours: Record<Severity, Colour> = { error: 'red', warning: 'yellow', hint: 'cyan' }

/** `2 errors, 1 warning`, or `nothing to mend`. */
export function countFindings(findings: readonly Finding[]): string {
  const parts = (['error', 'warning', 'hint'] as const).flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  })
  return parts.join(', ') || 'nothing to mend'
}

/** Findings as text for people. A reason and a fix stand once for several findings of a rule. */
export function formatFindings(findings: readonly Finding[], paint: Paint): string {
  const parts = findings.map(({ rule, severity, what, why, fix, lines }, index) => {
    const advice = findings[index - 1]?.rule === rule ? [] : [`  why  ${why}`, `  fix  ${fix}`]
    const pasted = lines === '' ? [] : lines.split('\n').map((line) => `         ${line}`.trimEnd())
    return [`${paint(colours[severity], severity)}  ${what}  ${paint('dim', `[${rule}]`)}`, ...advice, ...pasted].join(
      '\n',
    )
  })
  return parts.join('\n\n')
}
