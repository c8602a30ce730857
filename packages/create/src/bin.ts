#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { createTerminal } from '../../cli/src/terminal.ts'
import { main } from './main.ts'

const { stdin, stdout } = process
const terminal = createTerminal(fileURLToPath(import.meta.url))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 12)) {
  terminal.printError(`create: Node.js ${process.versions.node} is too old: Expressway needs 22.12 or later.`)
  process.exitCode = 1
} else {
  process.exitCode = await main(process.argv.slice(2), {
    terminal,
    person: stdin.isTTY && stdout.isTTY ? { input: stdin, output: stdout } : undefined,
    folder: process.cwd(),
    environment: process.env,
  })
}
