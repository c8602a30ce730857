// `express/lib/application`: `express.application`.
import { application } from '../index.ts'

export default application

/** @internal */
export { application as 'module.exports' }
