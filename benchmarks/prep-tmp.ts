import { build } from 'esbuild'
import { writeFileSync, mkdirSync } from 'node:fs'
import { scenarios, eventOf } from './scenarios.ts'
const out = process.argv[2]!
mkdirSync(out, { recursive: true })
for (const c of (process.argv[3] ?? 'bare,core,express-shim,express-serverless-http,express-listener').split(',')) await build({ bundle: true, platform: 'node', target: 'node22.12', format: 'cjs', entryPoints: [`contenders/${c}.ts`], outfile: `${out}/${c}.cjs`, logLevel: 'error', external: ['@aws-sdk/*'] })
for (const s of scenarios) for (const src of ['http-api', 'rest-api'] as const) writeFileSync(`/tmp/warm/${s.name}.${src}.json`, eventOf(src, s))
