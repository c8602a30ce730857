import { existsSync } from 'node:fs'

/** A browser for the tests that need one, where the machine has it. */
export const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)
