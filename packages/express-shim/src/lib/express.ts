// `express/lib/express`: the same as `express`.
import express from '../index.ts'

export * from '../index.ts'
export default express

/** @internal */
export { express as 'module.exports' }
