/** What an element may contain; `undefined` and `false` are left out. */
export type Child = Node | string | undefined | false | readonly Child[]

/** Attributes and listeners of an element; `true` is an attribute without a value. */
export interface Attributes {
  onclick?: () => void
  onkeydown?: (event: KeyboardEvent) => void
  [name: string]: string | boolean | undefined | ((event: never) => void)
}

/** Makes an element. Text becomes a text node only, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value as EventListener)
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...shown(children))
  return made
}

/** The children that are there, in one list. */
const shown = (children: readonly Child[]): (Node | string)[] =>
  children.flatMap((child) => {
    if (child === undefined || child === false) return []
    return typeof child === 'string' || child instanceof Node ? child : shown(child)
  })

/** The element of the page's markup that has this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`The page has no element with the id "${id}".`)
  return found
}
