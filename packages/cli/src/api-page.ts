import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { Failure } from './failure.ts'

/**
 * Starts Swagger UI with what `apiPage()` of `@expressway/core/api-page` writes beside the script: the document's URL, and the
 * page's path in the application. What the browser has before that path is the stage, mapping or prefix of a proxy, under which
 * the API is too; a document that names servers of its own keeps them.
 */
const start = `
;(() => {
  const { document: url, path } = document.currentScript.dataset
  const page = location.pathname
  const base = page.endsWith(path) ? page.slice(0, page.length - path.length) : ''
  const show = (spec) =>
    SwaggerUIBundle({
      spec: spec.servers ? spec : { ...spec, servers: [{ url: base || '/' }] },
      dom_id: '#swagger-ui',
      deepLinking: true,
      displayRequestDuration: true,
      validatorUrl: null,
    })
  const fail = (error) => {
    document.getElementById('swagger-ui').textContent = 'The document could not be read: ' + error.message
  }
  const read = (answer) => {
    if (!answer.ok) throw new Error('the server answered ' + answer.status)
    return answer.json()
  }
  fetch(url).then(read).then(show).catch(fail)
})()
`

/** What Swagger UI leaves open: what is around it, a column that is empty in most documents, and phones. */
const style = `
body { margin: 0; }
footer { box-sizing: border-box; max-width: 1460px; margin: auto; padding: 1rem 20px 2rem; font: 14px sans-serif; }
.swagger-ui .info { margin: 30px 0; }
.swagger-ui .info .title { overflow-wrap: anywhere; }
.swagger-ui .responses-table:not(:has(td.response-col_links > div)) .response-col_links { display: none; }
.swagger-ui .highlight-code:has(.download-contents) > .microlight { padding-bottom: 44px !important; }
@media (max-width: 640px) {
  .swagger-ui .info .title { font-size: 26px; }
  .swagger-ui .opblock .opblock-section-header { flex-wrap: wrap; gap: 8px; padding: 8px 10px; }
  .swagger-ui .opblock .opblock-section-header > label { margin: 0; }
  .swagger-ui .opblock .try-out { display: flex; flex-wrap: wrap; gap: 8px; margin: 0; padding: 0; }
  .swagger-ui .opblock .try-out .btn { margin: 0; padding: 5px 14px; }
  .swagger-ui .table-container, .swagger-ui .responses-inner { padding: 10px; }
  .swagger-ui .opblock-description-wrapper, .swagger-ui .execute-wrapper { padding: 10px; }
  .swagger-ui .response-col_status { width: 3.5em; min-width: 0; padding-right: 8px; }
  .swagger-ui .response-col_description { padding-right: 0; }
}
`

/**
 * Writes the files of the API page into a folder, which is deployed beside the handler: Swagger UI of the project's
 * `swagger-ui-dist`, each file compressed by Brotli and gzip, and its licence.
 * @returns the files' names
 * @throws Failure if the project has no `swagger-ui-dist`, or the folder cannot be written
 */
export async function writePage(folder: string): Promise<string[]> {
  const from = swaggerUiFolder()
  const read = (name: string) => readFile(join(from, name))
  const [script, sheet, license, notice] = await Promise.all(
    ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE', 'NOTICE'].map(read),
  )
  // Without the reference to a source map, which is not deployed.
  const plain = (file: Buffer | undefined): string =>
    String(file).replace(/\n?(?:\/\/|\/\*)# sourceMappingURL=[^\n]*/g, '')
  const files = {
    ...(await compressed('swagger-ui.js', plain(script) + start)),
    ...(await compressed('swagger-ui.css', plain(sheet) + style)),
    'LICENSE.txt': license!,
    'NOTICE.txt': notice!,
  }
  try {
    await mkdir(folder, { recursive: true })
    await Promise.all(Object.entries(files).map(([name, bytes]) => writeFile(join(folder, name), bytes)))
  } catch (error) {
    throw new Failure(`The files of the page cannot be written to ${resolve(folder)}: ${(error as Error).message}`)
  }
  return Object.keys(files)
}

async function compressed(name: string, text: string): Promise<Record<string, Buffer>> {
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text) }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(text, { params }), promisify(gzip)(text, { level: 9 })])
  return { [`${name}.br`]: br, [`${name}.gz`]: gz }
}

/** Of the project first, so that it chooses the version; otherwise the one beside this package. */
function swaggerUiFolder(): string {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve('swagger-ui-dist/package.json'))
    } catch {
      // The next place may have it.
    }
  }
  throw new Failure('--page needs Swagger UI, which this project does not have: npm install --save-dev swagger-ui-dist')
}
