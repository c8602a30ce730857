// Two bundles: the browser's, whose name changes with its content, and the function's.
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'

/** Writes `app.mjs` and `assets/` into a folder. */
export async function buildTo(folder: string): Promise<void> {
  const options: BuildOptions = {
    absWorkingDir: import.meta.dirname,
    bundle: true,
    minify: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
  }
  await build({ ...options, entryPoints: ['client.tsx'], outdir: join(folder, 'assets'), entryNames: '[name]-[hash]' })
  const forNode: BuildOptions = { platform: 'node', mainFields: ['module', 'main'] }
  await build({ ...options, ...forNode, entryPoints: ['app.ts'], outfile: join(folder, 'app.mjs') })
}

if (import.meta.main) await buildTo('dist')
