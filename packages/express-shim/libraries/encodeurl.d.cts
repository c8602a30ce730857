declare const load: () => (url: string) => string
export = load
