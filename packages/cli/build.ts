import { build } from 'esbuild'
import type { Plugin } from 'rolldown'

/** What `scripts/build.ts` takes besides: the inspect page's program is built into the package as text. */
export const plugins: Plugin[] = [
  {
    name: 'inspect-page',
    load: {
      filter: { id: /inspect-page\/script\.ts$/ },
      async handler(path) {
        const entryPoints = [path.replace('script.ts', 'browser/main.ts')]
        const { outputFiles } = await build({
          entryPoints,
          bundle: true,
          write: false,
          minify: true,
          format: 'iife',
          target: 'es2022',
        })
        return `export const script = ${JSON.stringify(outputFiles[0]!.text)}`
      },
    },
  },
]
