/** The record behind a request: undefined on a message that is Node's own. */
export const MESSAGE: unique symbol = Symbol('expressway.message') as never
/** The invocation that it came with. */
export const INVOCATION: unique symbol = Symbol('expressway.invocation') as never
