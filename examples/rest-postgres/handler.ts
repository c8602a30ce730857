import { createBank } from './app.ts'
import { postgres } from './postgres.ts'

// Connects at the first query.
export const { handler } = createBank(postgres(process.env.DATABASE_URL))
