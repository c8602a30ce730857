import type { Application, NextFunction, Request, Response } from 'express'
import { type Build, type Note, type Options, type Sent, same } from '../differential/harness.ts'

/** One handler, run by Express on a real server and by the shim there and through gateways. */
export type Scenario = (req: Request, res: Response, note: Note, next: NextFunction) => unknown

export interface Comparison extends Options {
  /** What is sent to each scenario; default: one GET. */
  sent?: readonly Sent[]
  configure?: (app: Application) => unknown
}

/** Each scenario stands at a path that bears its name; what it throws is noted, with code and message. */
export function programOf(scenarios: Record<string, Scenario>, configure?: Comparison['configure']): Build {
  return (express, note) => {
    const app = express()
    configure?.(app)
    for (const [name, scenario] of Object.entries(scenarios)) {
      app.all(pathOf(name), (req, res, next) => {
        try {
          scenario(req, res, note, next)
        } catch (error) {
          noteError(note, error)
          if (!res.headersSent) res.status(200).end('caught')
          else if (!res.writableEnded) res.end()
        }
      })
    }
    app.use(((error, _req, res, _next) => {
      noteError(note, error)
      res.status((error as { status?: number }).status ?? 500).end('error')
    }) as import('express').ErrorRequestHandler)
    return app
  }
}

function noteError(note: Note, error: unknown): void {
  const { name, code, message } = error as NodeJS.ErrnoException
  note(name, code, message, String(error))
}

const pathOf = (name: string): string => `/${name.replace(/[^a-z0-9]+/gi, '-')}`

/** Fails where any scenario's answer or notes differ from Express's. */
export async function compare(scenarios: Record<string, Scenario>, comparison: Comparison = {}): Promise<void> {
  const { sent = [{}], configure, ...options } = comparison
  const list = Object.keys(scenarios).flatMap((name) =>
    sent.map((each) => ({ ...each, path: pathOf(name) + (each.path ?? '') })),
  )
  if (new Set(list.map(({ path }) => path)).size < Object.keys(scenarios).length)
    throw new Error('two scenarios share a path')
  await same(programOf(scenarios, configure), list, { only: ['function-url', 'alb-multi-value'], ...options })
}
