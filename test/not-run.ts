import { chromium } from './chromium.ts'
import { runtimeClient } from './real-runtime/runtime-client.ts'

/** Says in the last lines of a run what the machine could not run, so that nobody takes it for passed. */
export default function setup(): () => void {
  return () => {
    if (chromium === undefined) console.log('NOT RUN: there is no Chromium: packages/express-shim/test/streaming')
    if (runtimeClient === undefined)
      console.log(
        "NOT RUN: AWS's runtime interface client is not installed (it is native, Linux only): test/real-runtime",
      )
  }
}
