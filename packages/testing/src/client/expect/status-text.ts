/** Reason phrases as supertest's messages print them. Read on failure only, so Node's own table can be the source. */
export function statusText(status: number): string | undefined {
  return process.getBuiltinModule('node:http').STATUS_CODES[status]
}
