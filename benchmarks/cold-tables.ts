import type { Cold, ColdFormat, ColdRow, PartRow } from './cold.ts'
import { contenders } from './contender.ts'
import type { HelloName } from './hello.ts'
import { figure, kilobytes, megabytes, milliseconds, table } from './markdown.ts'
import { partNames } from './parts.ts'

const labelOf = (name: HelloName): string => (name === 'empty' ? 'empty handler (absolute)' : contenders[name].label)

export const findRow = ({ rows }: Cold, name: HelloName, format: ColdFormat): ColdRow | undefined =>
  rows.find((row) => row.name === name && row.format === format)

const headings = ['KB', 'built-ins loaded', 'CPU, ms', 'load, ms', 'first call, ms', 'RSS, MB', 'calls 3–100, µs']

const figuresOf = (row: ColdRow | PartRow): string[] => [
  kilobytes(row.bytes),
  String(row.builtins),
  milliseconds(row.cpu),
  milliseconds(row.load),
  milliseconds(row.firstCall),
  megabytes(row.rss),
  figure(row.early),
]

export function coldSection(cold: Cold): string {
  return [
    '## Cold',
    '',
    'The hello application (one route with a parameter, JSON), from its load to the end of its first call, over an empty',
    'handler; lower quartiles of fresh processes, interleaved. CPU is of load and first call together. Built-in modules are counted',
    'by `process.moduleLoadList`; bytes are of the minified bundle.',
    '',
    ...section(cold, 'esm', 'Bundled, ESM'),
    ...section(cold, 'cjs', 'Bundled, CommonJS'),
    ...section(cold, 'unbundled', 'Unbundled: node_modules as installed; KB is of the handler alone'),
    '### The price of what is used',
    '',
    'One Express source, bundled as CommonJS, with one part after another. `all` has every part and is asked for the JSON',
    'body first.',
    '',
    table(
      ['part', ...headings],
      (['express-shim', 'express'] as const).flatMap((module) =>
        partNames.map((part) => [
          `${module === 'express' ? 'Express, serverless-http' : '@expressway/express-shim'}: ${part}`,
          ...figuresOf(cold.parts.find((row) => row.module === module && row.part === part)!),
        ]),
      ),
    ),
    '',
  ].join('\n')
}

function section(cold: Cold, format: ColdFormat, title: string): string[] {
  const rows = cold.rows.filter((row) => row.format === format)
  return [
    `### ${title}`,
    '',
    table(
      ['application', ...headings],
      rows.map((row) => [labelOf(row.name), ...figuresOf(row)]),
    ),
    '',
  ]
}
