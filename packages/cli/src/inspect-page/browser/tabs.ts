import { byId, element } from './element.ts'

interface Tabs {
  readonly names: readonly string[]
  readonly current: string
  choose(name: string): void
}

/** A list of tabs that the arrow keys move through, as the ARIA Authoring Practices describe it. */
export function tabList({ names, current, choose }: Tabs): HTMLElement {
  const tabs = names.map((name) =>
    element(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'aria-selected': String(name === current),
        'aria-controls': 'panel',
        tabindex: name === current ? '0' : '-1',
        onclick: () => choose(name),
        onkeydown: (event) => move(event, name),
      },
      name[0]!.toUpperCase() + name.slice(1),
    ),
  )

  function move(event: KeyboardEvent, from: string): void {
    const at = names.indexOf(from)
    const moves: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1 + names.length,
      Home: 0,
      End: names.length - 1,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    const chosen = names[to % names.length]!
    choose(chosen)
    byId(`tab-${chosen}`).focus()
  }

  return element('div', { role: 'tablist', 'aria-label': 'Parts' }, tabs)
}
