import { buildSync } from 'esbuild'

/** The page's program as one script. The package's build puts the finished text in the place of this module. */
export const script: string = buildSync({
  entryPoints: [new URL('./browser/main.ts', import.meta.url).pathname],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
}).outputFiles[0]!.text
