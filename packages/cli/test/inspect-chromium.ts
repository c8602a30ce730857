import { existsSync } from 'node:fs'

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Where this machine's Chromium is: what CHROMIUM_PATH names, or a usual place. */
export const chromiumPath: string | undefined = [process.env['CHROMIUM_PATH'] ?? '', ...usual].find((path) =>
  existsSync(path),
)

export const noChromium = `Chromium is not installed: set CHROMIUM_PATH, or install it at ${usual[0]}`

export const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
