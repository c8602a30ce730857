import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const cache = join(import.meta.dirname, '../node_modules/.cache')
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts a Chromium with a profile of its own, which is removed when it closes. It is the one in the npm package
 * `@sparticuz/chromium`, for Linux on x64; elsewhere CHROMIUM_PATH names an installed one.
 */
export async function launchChromium(): Promise<Browser> {
  const installed = process.env['CHROMIUM_PATH']
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args })
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Tests bring a Chromium for Linux on x64 alone: set CHROMIUM_PATH to an installed one')
  }
  const folder = await unpacked()
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
    FONTCONFIG_PATH: join(folder, 'fonts'),
  }
  return chromium.launch({ executablePath: join(folder, 'chromium'), args, env })
}

/** The folder with the browser, its libraries and fonts: unpacked at first use, and renamed when it is complete. */
async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const { version } = JSON.parse(await readFile(join(entry, '../../package.json'), 'utf8'))
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const TMPDIR = await mkdtemp(`${folder}-`)
  // The package unpacks into the temp folder, and its libraries on Lambda alone.
  const env = { ...process.env, TMPDIR, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
  const program = 'import(process.argv[1]).then(({ default: chromium }) => chromium.executablePath())'
  await promisify(execFile)(process.execPath, ['-e', program, pathToFileURL(entry).href], { env })
  // Another process may have been first.
  await rename(TMPDIR, folder).catch(() => rm(TMPDIR, { recursive: true }))
  return folder
}
