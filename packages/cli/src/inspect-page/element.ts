// @ts-nocheck: runs in the browser, whose types the rest of this program must not see.

/** Makes elements; text only ever becomes text. */
export function createElement() {
  return (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
      else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value)
    }
    element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false))
    return element
  }
}
