import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Any, load, type Middleware, type Scenario, type Setup } from '../scenario.ts'

function views(setup: Setup, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'expressway-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  setup.after(() => rmSync(root, { recursive: true }))
  return root
}

const people = ['Ann', '<Bob>']

/** The same pages in each language: with locals of all three kinds, an error, a callback and a missing view. */
function pages(
  title: string,
  extension: string,
  files: Record<string, string>,
  prepare?: (app: Any) => void,
): Scenario {
  return {
    title,
    normal: (text) => text.replace(/\/[^\s"']*expressway-[\w]+/g, '<views>'),
    build: (express, setup) => {
      const app = express()
      app.set('views', views(setup, files)).set('view engine', extension)
      prepare?.(app)
      app.locals.site = 'Shop'
      app.use((_req, res, next) => {
        res.locals.user = 'ann'
        next()
      })
      app.get('/', (_req, res) => void res.render('people', { people }))
      app.get('/callback', (_req, res, next) => {
        res.render(`people.${extension}`, { people }, (error, html) =>
          error ? next(error) : res.status(201).send(html),
        )
      })
      app.get('/broken', (_req, res) => void res.render('broken', { nothing: null }))
      app.get('/missing', (_req, res) => void res.render('missing'))
      return app
    },
    async talk(client) {
      const { headers, text } = await client.get('/')
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(text.replace(/\s+/g, '')).toBe('<h1>Shop</h1><ul><li>Ann</li><li>&lt;Bob&gt;</li></ul><p>ann</p>')
      expect((await client.get('/', { 'if-none-match': headers.etag as string })).status).toBe(304)
      expect((await client.get('/callback')).status).toBe(201)
      expect((await client.get('/broken')).status).toBe(500)
      const missing = await client.get('/missing')
      expect([missing.status, missing.text.includes('Failed to lookup view')]).toEqual([500, true])
    },
  }
}

const ejs: Middleware = {
  name: 'ejs',
  scenarios: [
    pages('pages with includes, escaped values and errors', 'ejs', {
      'people.ejs':
        '<h1><%= site %></h1><ul><% for (const name of people) { %><%- include("person", { name }) %><% } %></ul><p><%= user %></p>',
      'person.ejs': '<li><%= name %></li>',
      'broken.ejs': '<%= nothing.name %>',
    }),
  ],
}

const pug: Middleware = {
  name: 'pug',
  scenarios: [
    pages('pages with mixins, extended layouts and errors', 'pug', {
      'layout.pug': 'h1= site\nblock content\np= user\n',
      'people.pug':
        'extends layout\nmixin person(name)\n  li= name\nblock content\n  ul\n    each name in people\n      +person(name)\n',
      'broken.pug': 'p= nothing.name\n',
    }),
  ],
}

const handlebars: Middleware = {
  name: 'handlebars (hbs)',
  packages: ['hbs'],
  scenarios: [
    pages(
      'pages with a layout, partials, helpers and errors',
      'hbs',
      {
        'layout.hbs': '<h1>{{site}}</h1>{{{body}}}<p>{{user}}</p>',
        'people.hbs': '<ul>{{#each people}}{{> person}}{{/each}}</ul>',
        'broken.hbs': '{{fail}}',
      },
      (app) => {
        const hbs = load('hbs').create()
        hbs.registerPartial('person', '<li>{{this}}</li>')
        hbs.registerHelper('fail', () => {
          throw new Error('broken helper')
        })
        app.engine('hbs', hbs.__express)
      },
    ),
  ],
}

export const viewEngines: readonly Middleware[] = [ejs, pug, handlebars]
