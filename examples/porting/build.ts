// One file for Lambda, and beside it what no bundler follows.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

export async function bundle(outdir: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'app.ts')],
    outfile: join(outdir, 'app.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Middleware in CommonJS calls require(), which an ES module does not have.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
  cpSync(join(import.meta.dirname, 'public'), join(outdir, 'public'), { recursive: true })
}

if (import.meta.main) await bundle('dist')
