import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import timers from 'node:timers'
import { fileURLToPath } from 'node:url'
import { type Caller, callerOf } from './call-stack.ts'
import type { OwnFiles } from './own-files.ts'

/** Something that the application did while it was loaded. */
export interface Deed extends Caller {
  readonly kind: 'listen' | 'timer' | 'write' | 'upgrade'
  /** What it was asked for: the port, the interval, the path. */
  readonly detail: string
}

/** What the application did, and the servers that it made. */
export interface Observation {
  readonly deeds: Deed[]
  readonly servers: http.Server[]
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown
type Members = Record<string, AnyFunction | undefined>

/** Watches listening, timers, upgrades and writes of this process from now on. Ports are free ones of this machine. */
export function observe(own: OwnFiles): Observation {
  const observation: Observation = { deeds: [], servers: [] }
  const note = (kind: Deed['kind'], detail: string, below: AnyFunction) => {
    observation.deeds.push({ kind, detail, ...callerOf(own, below) })
  }
  Error.stackTraceLimit = 60
  observeListen(observation, note)
  observeTimers(note)
  observeUpgrades(note)
  observeWrites(own, note)
  syncBuiltinESMExports()
  return observation
}

type Note = (kind: Deed['kind'], detail: string, below: AnyFunction) => void

/** Replaces a member by a function that calls `before` first, which may give other arguments for the call. */
function watch(target: object, name: string, told: (args: unknown[], self: unknown, below: AnyFunction) => unknown) {
  const members = target as Members
  const original = members[name]
  if (typeof original !== 'function') return
  const watched: AnyFunction = function (this: unknown, ...args) {
    const instead = told(args, this, watched)
    return Reflect.apply(original, this, Array.isArray(instead) ? instead : args)
  }
  Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original))
  members[name] = watched
}

function observeListen({ servers }: Observation, note: Note): void {
  watch(net.Server.prototype, 'listen', (args, self, below) => {
    note('listen', portOf(args[0]), below)
    if (self instanceof http.Server || self instanceof https.Server) servers.push(self as http.Server)
    const callback = args.findLast((arg) => typeof arg === 'function')
    return [{ port: 0, host: '127.0.0.1' }, ...(callback ? [callback] : [])]
  })
}

function portOf(asked: unknown): string {
  const { port, path } = Object(asked)
  const text = typeof asked === 'object' ? (port ?? path) : asked
  return ['string', 'number'].includes(typeof text) ? String(text) : ''
}

function observeTimers(note: Note): void {
  for (const target of [globalThis, timers]) {
    watch(target, 'setInterval', ([, milliseconds], _self, below) => note('timer', String(milliseconds ?? 1), below))
  }
}

function observeUpgrades(note: Note): void {
  for (const { prototype } of [http.Server, https.Server]) {
    for (const name of ['on', 'addListener']) {
      watch(prototype, name, ([event], _self, below) => {
        if (event === 'upgrade') note('upgrade', '', below)
      })
    }
  }
}

// Of those that take two paths it is the second that is written.
const writers: Record<string, number> = {
  writeFile: 0,
  appendFile: 0,
  mkdir: 0,
  mkdtemp: 0,
  copyFile: 1,
  cp: 1,
  rename: 1,
  symlink: 1,
  truncate: 0,
  unlink: 0,
  rm: 0,
}

function observeWrites(own: OwnFiles, note: Note): void {
  const [entry = ''] = own.paths
  const told = (index: number) => (args: unknown[], _self: unknown, below: AnyFunction) => {
    const path = pathOf(args[index])
    if (path !== undefined && !isWritable(path, dirname(entry))) note('write', path, below)
  }
  for (const [name, index] of Object.entries(writers)) {
    watch(fs, name, told(index))
    watch(fs, `${name}Sync`, told(index))
    watch(fs.promises, name, told(index))
  }
  watch(fs, 'createWriteStream', told(0))
}

const pathOf = (value: unknown): string | undefined => {
  if (value instanceof URL) return value.protocol === 'file:' ? fileURLToPath(value) : undefined
  return typeof value === 'string' ? resolve(value) : undefined
}

/** What may be written on Lambda, or is no file. An application that lies in a temporary folder today is code there. */
function isWritable(path: string, application: string): boolean {
  const isBelow = (folder: string) => path === folder || path.startsWith(`${folder}/`)
  return ['/tmp', resolve(tmpdir()), '/dev'].some(isBelow) && !isBelow(application)
}
