// Loaded before AWS's runtime interface client, in each of its threads.
import { registerHooks } from 'node:module'

const standIn = new URL('native-client.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === './rapid-client.node' ? { url: standIn, shortCircuit: true } : nextResolve(specifier, context),
})
