// Its types say CommonJS, where Node gives an import the ES module.
import type { API, Options } from 'lambda-api'

export default function createApi(options?: Options): API
