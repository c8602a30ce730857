/** What the application asks of a database; `pg` and PGlite have it. A NUMERIC is a string, with all of its digits. */
export interface Queries {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>
}

export interface Database extends Queries {
  /** Commits what `work` did, or nothing of it if `work` throws. */
  transaction<Result>(work: (tx: Queries) => Promise<Result>): Promise<Result>
}

/** The constraint that a statement broke: https://www.postgresql.org/docs/current/errcodes-appendix.html, class 23 */
export function brokenConstraint(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code?.startsWith('23') ? constraint : undefined
}
