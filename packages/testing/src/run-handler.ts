// The program of a handler's process: see `startHandlerProcess`.
import { runHandlerProcess } from './process/runner.ts'

runHandlerProcess(process.argv.slice(2))
