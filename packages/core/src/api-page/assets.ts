/** An encoding in which the files are stored. */
type Stored = 'br' | 'gzip'

const suffixes = { br: '.br', gzip: '.gz' } as const satisfies Record<Stored, string>

/** A file of the page in one encoding. */
export interface Asset {
  readonly bytes: Uint8Array
  /** What the file's name has in URLs, so that a client keeps each version for good. */
  readonly version: string
}

/** The files that `expressway openapi --page` writes, compressed: each is read when it is first needed, and kept. */
export class Assets {
  readonly #folder: URL | string
  readonly #read = new Map<string, Promise<Asset>>()

  /** @throws TypeError if the folder is neither a path nor a `file:` URL. */
  constructor(folder: URL | string) {
    const isUrl = typeof folder === 'object' && folder !== null && 'href' in folder
    if (isUrl ? folder.protocol !== 'file:' : typeof folder !== 'string') {
      throw new TypeError(
        `apiPage() takes assets as a path or a file: URL, such as new URL('./api/', import.meta.url), not ${String(folder)}`,
      )
    }
    this.#folder = folder
  }

  /**
   * A file in an encoding.
   * @throws Error if it cannot be read; the message names the command that writes it.
   */
  read(name: string, encoding: Stored): Promise<Asset> {
    const file = name + suffixes[encoding]
    let read = this.#read.get(file)
    if (read === undefined) {
      read = this.#load(file)
      this.#read.set(file, read)
      read.catch(() => this.#read.delete(file))
    }
    return read
  }

  async #load(file: string): Promise<Asset> {
    const path = process.getBuiltinModule('node:path').join(this.#path(), file)
    try {
      const bytes = await process.getBuiltinModule('node:fs/promises').readFile(path)
      return { bytes, version: process.getBuiltinModule('node:crypto').hash('sha1', bytes, 'hex').slice(0, 12) }
    } catch (cause) {
      const message =
        `The API page has no file ${path}: write its files with "expressway openapi <file of the application> --page ` +
        '<folder>", and deploy the folder beside the handler'
      throw new Error(message, { cause })
    }
  }

  #path(): string {
    const folder = this.#folder
    return typeof folder === 'string' ? folder : process.getBuiltinModule('node:url').fileURLToPath(folder)
  }
}
