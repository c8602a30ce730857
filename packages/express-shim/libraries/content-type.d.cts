declare const load: () => typeof import('content-type')
export = load
