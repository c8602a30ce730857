import lambdaApi, { type Request, type Response } from 'lambda-api'

// Its types are those of its CommonJS, where Node gives an import the ES module.
const createApi = lambdaApi as unknown as typeof lambdaApi.default
const api = createApi()
api.get('/hello/:name', (req: Request, res: Response) => res.json({ hello: req.params.name }))

export const handler = (event: never, context: never) => api.run(event, context)
