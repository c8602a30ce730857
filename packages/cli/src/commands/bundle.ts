import { join, resolve } from 'node:path'
import * as read from '../arguments.ts'
import { bundleHandler, kilobytes } from '../bundle/bundle.ts'
import { addCompileCache, measureGain } from '../bundle/compile-cache.ts'
import type { Command, Terminal } from '../command.ts'
import { usage } from '../failure.ts'

const options = {
  out: { type: 'string', default: 'dist' },
  format: { type: 'string', default: 'esm' },
  external: { type: 'string', multiple: true },
  minify: { type: 'boolean', default: false },
  'compile-cache': { type: 'boolean', default: false },
  'task-root': { type: 'string', default: '/var/task' },
  zip: { type: 'boolean', default: false },
} as const

const help = `Usage: expressway bundle FILE [options]

Bundles a handler into a folder that is ready to be deployed: one file with a source map, for Node.js 22 and
later. The project's own esbuild does it.

  FILE                       a module that exports a handler
  --out FOLDER               default dist
  --format esm|cjs           an ES module or CommonJS; default esm
  --external NAME            a package that is not bundled, such as @aws-sdk/*; may be given several times
  --minify                   without white space and comments: faster to load. Names stay, for stacks and logs
  --compile-cache            adds V8's compile cache. It counts for the same Node.js version and processor architecture
                             alone, and is not used by another: run the command in the image that the function runs in
  --task-root FOLDER         where the function's files are when it runs; default /var/task
  --zip                      writes FOLDER.zip too

Examples:
  expressway bundle src/handler.ts --minify
  expressway bundle src/handler.ts --out build --external '@aws-sdk/*' --zip
  expressway bundle src/handler.ts --out /var/task --minify --compile-cache

Exit codes: 0, 1 if the handler cannot be bundled, 2 for wrong usage.`

/** `expressway bundle`: a handler as it is deployed. */
export const bundle: Command = { summary: 'Bundle a handler for deployment', help, run }

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = read.readArguments('bundle', args, options)
  const { format, minify, external = [] } = values
  const named = read.required(read.onlyArgument(positionals, 'handler'), 'name the handler: expressway bundle FILE.')
  if (format !== 'esm' && format !== 'cjs') throw usage(`--format takes esm or cjs, not "${format}"`)
  const cached = values['compile-cache']
  if (cached && format === 'cjs') throw usage('--compile-cache needs --format esm.')
  const out = resolve(values.out)
  const done = terminal.progress(`Bundling ${named} …`)
  const settings = { file: read.findFile(named, 'person'), out, format, external, minify } as const
  const made = await bundleHandler(settings, cached ? '.bundle' : '').finally(done)
  const files = [made.path]
  if (cached) {
    files.unshift(await addCompileCache(made, values['task-root']))
    files.push(join(out, `${made.name}.cache`), join(out, `${made.name}.gc.cache`))
  }
  for (const file of files) terminal.print(`${file}  ${kilobytes(file)}`)
  if (values.zip) {
    const { zipFolder } = await import('../bundle/zip.ts')
    await zipFolder(out, `${out}.zip`)
    terminal.print(`${out}.zip  ${kilobytes(`${out}.zip`)}`)
  }
  terminal.print(
    `The function's handler is ${made.name}.${made.exports.includes('handler') || format === 'cjs' ? 'handler' : made.exports[0]}.`,
  )
  if (cached) await printGain(made, terminal)
  return 0
}

async function printGain(made: Parameters<typeof measureGain>[0], terminal: Terminal): Promise<void> {
  const done = terminal.progress('Measuring …')
  const gain = await measureGain(made).finally(done)
  terminal.print(`The compile cache is for Node.js ${process.version} on ${process.arch}.`)
  if (gain === undefined) terminal.print('Its gain is not known: the bundle cannot be loaded on this machine.')
  else
    terminal.print(
      `Loading takes ${gain.with.toFixed(1)} ms of CPU with it, ${gain.without.toFixed(1)} without, on this machine.`,
    )
}
