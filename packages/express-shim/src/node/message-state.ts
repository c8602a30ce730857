/** The record behind a request: undefined on a message that is Node's own. */
export const MESSAGE: unique symbol = Symbol('expressway.message') as never
/** Where a request keeps the layer that it entered last: who is to blame for a response that nobody ended. */
export const ENTERED: unique symbol = Symbol('expressway.layer') as never
/** The invocation that it came with. */
export const INVOCATION: unique symbol = Symbol('expressway.invocation') as never
