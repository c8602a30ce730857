import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixture, runCommand } from '../command-support.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'expressway-deploy-check-command-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const file = join(folder, name)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
  return file
}

const check = (...args: string[]) => runCommand('deploy-check', ...args, '--wait', '0')
const todos = fixture('todos.ts')

const service = (more = '', handler = 'dist/handler.handler') => `service: todos
provider: { name: aws, runtime: nodejs24.x, memorySize: 512, timeout: 28${more} }
functions:
  app:
    handler: ${handler}
    events: [{ httpApi: '*' }]
`
const withMaps = ', environment: { NODE_OPTIONS: --enable-source-maps }'

describe('expressway deploy-check', () => {
  it('says what, why and how, with the lines to paste', async () => {
    const template = fixture('template.yaml')
    const { code, out, err } = await check(template, todos)
    expect([code, err]).toEqual([1, ''])
    expect(out.split('\n\n').slice(0, 3)).toEqual([
      `${template}: 1 error, 3 warnings, 1 hint.`,
      `error  DELETE /admin/todos/:list is not sent  [unsent-route]
  why  The gateway answers requests that no route of its own takes with 403 or 404, and the function never sees them.
  fix  Name the path, or send every path.
         AdminTodosList:
           Type: HttpApi
           Properties:
             Path: /admin/todos/{list}
             Method: DELETE`,
      `warning  Todos has a time-out of 3 seconds  [short-time-out]
  why  A cold start and a slow call to another service together take longer than this.
  fix  Set a time-out. Lambda's own is 3 seconds.
         Timeout: 28`,
    ])
  })

  it('nothing to mend', async () => {
    const file = write('good.yaml', service(withMaps))
    expect(await check(file, todos)).toEqual({ code: 0, out: `${file}: nothing to mend.\n`, err: '' })
  })

  it('--strict fails for a hint, and --json is for programs', async () => {
    const file = write('hint.yaml', service())
    expect((await check(file, todos)).code).toBe(0)
    const { code, out } = await check(file, todos, '--strict', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      findings: [
        {
          rule: 'source-maps',
          severity: 'hint',
          what: 'app has no NODE_OPTIONS with --enable-source-maps',
          why: expect.any(String),
          fix: expect.any(String),
          lines: 'environment:\n  NODE_OPTIONS: --enable-source-maps',
        },
      ],
      warnings: [],
    })
  })

  it('takes the routes and the handler from the bundle that the template names', async () => {
    const file = write('bundled/serverless.yml', service(withMaps).replace("events: [{ httpApi: '*' }]", 'url: true'))
    write('bundled/dist/handler.mjs', 'export const handler = awslambda.streamifyResponse(async () => {})\n')
    const { out } = await check(file)
    expect(out).toContain('dist/handler.mjs streams, and the function URL app, url does not  [streaming-gateway]')
    const other = write('bundled/other.yml', service(withMaps, 'dist/other.handler'))
    expect((await check(other)).out).toMatch(/the handler is dist\/other\.handler, and there is no .*dist\/other\.mjs/)
    const wrong = write('bundled/wrong.yml', service(withMaps, 'dist/handler.main'))
    expect((await check(wrong)).out).toMatch(/exports no function "main", which the handler dist\/handler\.main names/)
  })

  it('--handler names the module, and finds what its sources do', async () => {
    const file = write('cookies.yaml', service(withMaps).replace("httpApi: '*'", "alb: { conditions: { path: '*' } }"))
    const handler = write(
      'cookies.mjs',
      `// A comment that says res.cookie() is no cookie.
      export const handler = async () => ({ statusCode: 200, multiValueHeaders: { 'set-cookie': ['a=b', 'c=d'] } })`,
    )
    expect((await check(file, '--handler', handler)).out).toMatch(
      /the load balancer app, alb has no multi-value headers, and the application sets cookies \(.*cookies\.mjs:2\)/,
    )
  })

  it('all Terraform files of a folder are one configuration', async () => {
    write(
      'terraform/function.tf',
      'resource "aws_lambda_function" "app" {\n  runtime = "nodejs18.x"\n  timeout = var.seconds\n  memory_size = local.memory\n}\n',
    )
    write('terraform/variables.tf', 'variable "seconds" {\n  default = 20\n}\nlocals {\n  memory = 128\n}\n')
    const main = write(
      'terraform/main.tf',
      'resource "aws_lambda_function_url" "app" {\n  function_name = aws_lambda_function.app.arn\n  authorization_type = "AWS_IAM"\n}\n',
    )
    const { out } = await check(main, todos, '--json')
    const rules = JSON.parse(out).findings.map(({ rule }: { rule: string }) => rule)
    expect(rules).toEqual(['runtime', 'memory', 'source-maps'])
  })

  it.each<[string, () => string[], number, string]>([
    ['no template', () => [], 2, 'name the template: expressway deploy-check TEMPLATE --handler FILE.'],
    ['a template that is not there', () => ['none.yaml', todos], 2, 'there is no file none.yaml'],
    [
      'a handler that is not there',
      () => [write('a.yaml', service()), '--handler', 'no.ts'],
      2,
      'there is no file no.ts',
    ],
    [
      'an unknown flag',
      () => ['a.yaml', '--stric'],
      2,
      'deploy-check has no option "--stric". Did you mean "--strict"?',
    ],
    ['a wrong base path', () => ['a.yaml', '--base-path', 'v1'], 2, '--base-path starts with "/", and "v1" does not.'],
    [
      'text that is not HCL',
      () => [write('bad/main.tf', 'resource "x" {')],
      2,
      "main.tf is not Terraform's language: ",
    ],
    ['another YAML', () => [write('b.yaml', 'a: 1')], 2, 'b.yaml is no template that is known'],
    [
      'a file that exports nothing',
      () => [write('d.yaml', service()), write('nothing.mjs', '')],
      1,
      'nothing.mjs has no application (it exports no function). Export it, name its export by --export, or',
    ],
    [
      'a module that throws',
      () => [write('c.yaml', service()), write('throws.mjs', 'throw new Error("no table")')],
      1,
      'no table',
    ],
  ])('wrong input is one sentence: %s', async (_name, args, code, message) => {
    const ended = await check(...args())
    expect(ended.err).toContain(message)
    expect(ended).toMatchObject({ code, out: '' })
    expect(ended.err.split('\n')[0]).toMatch(/^expressway: /)
  })
})
