// What setInterval did: a function of its own, which an EventBridge schedule calls.
import { listNotes } from './notes.ts'

export const handler = async () => console.log(`${(await listNotes()).length} notes`)
