// `express/lib/view`: the class that the setting `view` has by default.
import express from '../index.ts'
import type { View } from '../view.ts'

// Of an application, so that the build needs no file of its own for what every application loads.
const view: typeof View = express().get('view')

export default view

/** @internal */
export { view as 'module.exports' }
