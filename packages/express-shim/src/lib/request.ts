// `express/lib/request`: `express.request`.
import { request } from '../index.ts'

export default request

/** @internal */
export { request as 'module.exports' }
