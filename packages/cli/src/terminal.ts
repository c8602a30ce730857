import { styleText } from 'node:util'

/** Puts a text into a colour, or returns it as it is if there are no colours. */
export type Paint = (colour: Colour, text: string) => string
/** The colours and weights that the command uses. */
export type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold'

/** What a command has of the process that it runs in. */
export interface Terminal {
  /** The file that Node was started with: a command starts it again to have a process of its own. */
  readonly program: string
  /** Writes a line to standard output. */
  print(text: string): void
  /** Writes a line to standard error. */
  printError(text: string): void
  /** Colours for standard output, if it is a terminal; NO_COLOR and FORCE_COLOR are obeyed. */
  paint: Paint
  /** Shows what the command is doing, on a terminal only; the result takes it away. */
  progress(text: string): () => void
}

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>

/** The terminal of this process, or of other outputs in a test. */
export function createTerminal(program: string, out: Output = process.stdout, err: Output = process.stderr): Terminal {
  const write = (output: Output, text: string) => void output.write(`${text}\n`)
  return {
    program,
    print: (text) => write(out, text),
    printError: (text) => write(err, text),
    paint: (colour, text) => styleText(colour, text, { stream: out as NodeJS.WriteStream }),
    progress(text) {
      if (!err.isTTY || process.env['TERM'] === 'dumb') return () => {}
      err.write(text)
      // Back to the line's beginning, and erase it.
      return () => void err.write('\r\x1B[K')
    },
  }
}
