// @ts-nocheck: runs in the browser, whose types the rest of this program must not see.

/** Joins the list, the detail and the server. */
export function start(list, detail) {
  const root = '/_expressway'
  const main = document.getElementById('main')
  const search = document.getElementById('search')
  const live = document.getElementById('live')
  const notice = document.getElementById('notice')
  const isNarrow = () => matchMedia('(max-width: 760px)').matches
  let noticeTimer: number | undefined
  let searchTimer: number | undefined

  function say(text) {
    notice.textContent = text
    clearTimeout(noticeTimer)
    noticeTimer = setTimeout(() => (notice.textContent = ''), 4000)
  }

  async function ask(path, method = 'GET') {
    const response = await fetch(root + path, { method, headers: { 'x-expressway': 'page' } })
    const answer = await response.json()
    if (!response.ok) throw new Error(answer.message)
    return answer
  }

  function copyByHand(text) {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const copied = document.execCommand('copy')
    area.remove()
    if (!copied) throw new Error('The browser does not let this page copy.')
  }

  async function copy(text, what) {
    try {
      // Browsers have a clipboard only for secure pages: this machine's own address is one, another's is not.
      if (navigator.clipboard) await navigator.clipboard.writeText(text)
      else copyByHand(text)
      say(`Copied the ${what}.`)
    } catch (error) {
      say(`Nothing copied: ${error.message}`)
    }
  }

  async function replay(id) {
    try {
      const { id: repeated } = await ask(`/invocations/${id}/replay`, 'POST')
      list.select(repeated, true)
      say(`Sent again as ${repeated}.`)
    } catch (error) {
      say(error.message)
    }
  }

  function back() {
    main.classList.remove('chosen')
    list.focus()
  }

  async function load(id) {
    if (id === undefined) return detail.clear()
    try {
      const loaded = await ask(`/invocations/${id}`)
      if (list.selected() === id) detail.show(loaded, { copy, replay, back })
    } catch (error) {
      say(error.message)
    }
  }

  list.whenSelected(async (id, byPerson) => {
    await load(id)
    if (!byPerson) return
    const wasChosen = main.classList.contains('chosen')
    main.classList.add('chosen')
    // On a phone the list gives way to the detail, and so must the focus.
    if (isNarrow() && !wasChosen) detail.focus()
  })

  async function find() {
    const words = search.value.trim()
    try {
      list.filter(words === '' ? undefined : (await ask(`/search?q=${encodeURIComponent(words)}`)).ids)
    } catch (error) {
      say(error.message)
    }
  }

  function findSoon() {
    clearTimeout(searchTimer)
    searchTimer = setTimeout(find, 120)
  }

  search.addEventListener('input', findSoon)
  search.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      list.focus()
    } else if (event.key === 'Escape') {
      search.value = ''
      findSoon()
    }
  })
  document
    .getElementById('clear')
    .addEventListener('click', () => ask('/clear', 'POST').catch((error) => say(error.message)))
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input, textarea')
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      back()
      search.focus()
    } else if (event.key === 'Escape' && !isTyping) back()
  })

  function follow() {
    const events = new EventSource(`${root}/live`)
    const show = (state, text) => {
      live.className = `live ${state}`
      live.textContent = text
    }
    events.addEventListener('open', () => show('on', 'Live'))
    events.addEventListener('error', () => show('off', 'Not connected'))
    events.addEventListener('all', ({ data }) => {
      list.replaceAll(JSON.parse(data))
      if (list.selected() === undefined && !isNarrow() && list.newest() !== undefined) list.select(list.newest(), false)
      if (search.value) findSoon()
    })
    events.addEventListener('invocation', ({ data }) => {
      const summary = JSON.parse(data)
      list.put(summary)
      if (search.value) findSoon()
      if (list.selected() === summary.id) load(summary.id)
      else if (list.selected() === undefined && !isNarrow()) list.select(summary.id, false)
    })
  }
  follow()
}
