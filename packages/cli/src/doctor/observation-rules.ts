import type { Deed, Observation } from './observe.ts'
import { shortPath } from './own-files.ts'
import { type Finding, finding } from './rules.ts'

// Their timers belong to stores in memory, of which there is a finding of its own.
const keepsStore = new Set(['express-rate-limit', 'express-slow-down', 'memorystore', 'rate-limiter-flexible'])

/** What the application did while it was loaded. */
export function deedFindings({ deeds }: Observation): Finding[] {
  return deeds.flatMap((deed) => {
    const { kind, place } = deed
    const by = deed.package === undefined ? '' : ` by ${deed.package}`
    if (kind === 'listen')
      return finding('listen', `listen(${deed.detail}) is called while the module is loaded`, place)
    if (kind === 'upgrade') return finding('websocket', `a server takes upgrades to WebSocket${by}`, place)
    if (kind === 'timer') return timerFindings(deed, by)
    return finding('file-write', `${shortPath(deed.detail)} is written while the module is loaded${by}`, place)
  })
}

function timerFindings({ package: name, place, detail }: Deed, by: string): Finding[] {
  // Node's own, and those of this command, have neither.
  if ((name === undefined && place === undefined) || (name !== undefined && keepsStore.has(name))) return []
  return [finding('timer', `setInterval() of ${detail} ms is started while the module is loaded${by}`, place)]
}
