import { PassThrough, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

/** A person at a terminal who types keys, each when the program has drawn and waits. */
export function typing(keys: readonly string[]) {
  const left = [...keys]
  let shown = ''
  let timer: NodeJS.Immediate | undefined
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input })
  const output = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        shown += String(chunk)
        clearImmediate(timer)
        timer = setImmediate(() => {
          const key = left.shift()
          if (key !== undefined) input.write(key)
        })
        done()
      },
    }),
    { isTTY: true, columns: 120, rows: 40 },
  )
  return { input, output, shown: () => stripVTControlCharacters(shown) }
}
