// The page's program: joins the list, the detail and the server.
import type { RecordSummary } from '../protocol.ts'
import { copyText } from './clipboard.ts'
import { type Actions, clearDetail, focusDetail, showDetail } from './detail.ts'
import { byId } from './element.ts'
import { List } from './list.ts'
import { attempt, say } from './notice.ts'
import { SearchBox } from './search-box.ts'
import * as server from './server.ts'

const main = byId('main')
const list = new List((id, byPerson) => void choose(id, byPerson))
const searchBox = new SearchBox(
  (words) => void attempt(() => find(words)),
  () => list.focus(),
)
const isNarrow = (): boolean => matchMedia('(max-width: 760px)').matches

const actions: Actions = {
  async copy(text, what) {
    try {
      await copyText(text)
      say(`Copied the ${what}.`)
    } catch (error) {
      say(`Nothing copied: ${(error as Error).message}`)
    }
  },
  replay(id) {
    void attempt(async () => {
      const { id: repeated } = await server.replay(id)
      list.select(repeated, true)
      say(`Sent again as ${repeated}.`)
    })
  },
  back() {
    main.classList.remove('chosen')
    list.focus()
  },
}

async function load(id: number | undefined): Promise<void> {
  if (id === undefined) return clearDetail()
  await attempt(async () => {
    const detail = await server.loadDetail(id)
    if (list.selected === id) showDetail(detail, actions)
  })
}

async function choose(id: number | undefined, byPerson: boolean): Promise<void> {
  await load(id)
  if (!byPerson) return
  const wasChosen = main.classList.contains('chosen')
  main.classList.add('chosen')
  // On a phone the detail takes the place of the list, so it takes the focus too.
  if (isNarrow() && !wasChosen) focusDetail()
}

async function find(words: string): Promise<void> {
  list.filter(words === '' ? undefined : (await server.search(words)).ids)
}

/** On a wide page one invocation is always chosen, if there is any. */
function chooseFirst(id: number | undefined): void {
  if (list.selected === undefined && !isNarrow() && id !== undefined) list.select(id, false)
}

function showOne(summary: RecordSummary): void {
  list.put(summary)
  searchBox.refresh()
  if (list.selected === summary.id) void load(summary.id)
  else chooseFirst(summary.id)
}

function keyPressed(event: KeyboardEvent): void {
  const isTyping = event.target instanceof Element && event.target.closest('input, textarea') !== null
  if (isTyping || event.ctrlKey || event.metaKey) return
  if (event.key === 'Escape') actions.back()
  if (event.key !== '/') return
  event.preventDefault()
  actions.back()
  searchBox.focus()
}

byId('clear').addEventListener('click', () => void attempt(server.clear))
document.addEventListener('keydown', keyPressed)
server.follow({
  connection(state, text) {
    byId('live').className = `live ${state}`
    byId('live').textContent = text
  },
  all(summaries) {
    list.replaceAll(summaries)
    chooseFirst(list.newest)
    searchBox.refresh()
  },
  one: showOne,
})
