/** The record behind a request: undefined on a message that is Node's own. */
export const MESSAGE: unique symbol = Symbol('expressway.message') as never
/** The layer that a request entered last: the one to name if the response never ends. */
export const ENTERED: unique symbol = Symbol('expressway.layer') as never
/** The invocation that it came with. */
export const INVOCATION: unique symbol = Symbol('expressway.invocation') as never
