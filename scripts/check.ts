// Runs lint, build and the type checker side by side. Prints nothing but the output of what fails.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

async function run(script: string): Promise<boolean> {
  // Standard error goes where standard output goes, so that the lines keep their order.
  const child = spawn(`pnpm --silent run ${script} 2>&1`, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [output, code] = await Promise.all([text(child.stdout), exited])
  if (code !== 0) process.stdout.write(`pnpm run ${script} failed:\n${output}`)
  return code === 0
}

const passed = await Promise.all(['lint', 'build', 'types'].map(run))
process.exitCode = passed.every(Boolean) ? 0 : 1
