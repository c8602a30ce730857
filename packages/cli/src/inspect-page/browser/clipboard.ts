/** @throws Error if the browser does not allow it */
export async function copyText(text: string): Promise<void> {
  // Browsers have a clipboard only for secure pages: this machine's own address is one, another machine's is not.
  if (navigator.clipboard !== undefined) await navigator.clipboard.writeText(text)
  else copyByHand(text)
}

function copyByHand(text: string): void {
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (!copied) throw new Error('The browser does not let this page copy.')
}
