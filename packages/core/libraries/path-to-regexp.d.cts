declare const load: () => typeof import('path-to-regexp')
export = load
