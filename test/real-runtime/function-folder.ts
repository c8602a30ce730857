import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

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
  for (const part of ['dist', 'libraries'].filter((part) => existsSync(join(source, part))))
    cpSync(join(source, part), join(target, part), { recursive: true })
  for (const dependency of Object.keys(manifest.dependencies)) {
    if (!dependency.startsWith('@expressway/')) link(join(source, 'node_modules', dependency), dependency, target)
  }
  writeFileSync(join(target, 'package.json'), JSON.stringify({ ...manifest, exports: publishConfig.exports }))
}

function link(module: string, name: string, target: string): void {
  const place = join(target, 'node_modules', name)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(realpathSync(module), place)
}
