import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** A folder as a deployment has it: the test's functions, and the built packages as npm would install them. */
export function createFunctionFolder(parent: string): string {
  const folder = join(parent, 'function')
  cpSync(join(import.meta.dirname, 'functions'), folder, { recursive: true })
  for (const name of ['core', 'express-shim']) installBuilt(name, join(folder, 'node_modules/@expressway', name))
  const express = realpathSync(join(root, 'packages/express-shim/node_modules/express'))
  symlinkSync(express, join(folder, 'node_modules/express'))
  return folder
}

// Copied, so that what they import is looked up in the folder, and a build that goes on meanwhile does no harm.
function installBuilt(name: string, target: string): void {
  const source = join(root, 'packages', name)
  if (!existsSync(join(source, 'dist/index.js'))) throw new Error(`packages/${name} is not built: run pnpm run build`)
  const { publishConfig, ...manifest } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  mkdirSync(target, { recursive: true })
  cpSync(join(source, 'dist'), join(target, 'dist'), { recursive: true })
  writeFileSync(join(target, 'package.json'), JSON.stringify({ ...manifest, exports: publishConfig.exports }))
}
