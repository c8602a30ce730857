declare const load: () => typeof import('content-disposition')
export = load
