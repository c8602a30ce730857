// `express/lib/response`: `express.response`.
import { response } from '../index.ts'

export default response

/** @internal */
export { response as 'module.exports' }
