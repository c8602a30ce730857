#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { main } from './main.ts'

process.exitCode = await main(process.argv.slice(2), fileURLToPath(import.meta.url))
