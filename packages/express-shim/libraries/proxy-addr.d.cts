declare const load: () => { compile(addresses: unknown): (address: string, hop: number) => boolean }
export = load
