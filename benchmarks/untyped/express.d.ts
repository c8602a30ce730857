// Real Express has the surface that the shim is typed with.
import type shim from '@expressway/express-shim'

declare const express: typeof shim
export default express
