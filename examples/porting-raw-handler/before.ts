import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

const headers = { 'content-type': 'application/json' }
const names = new Map([['ada', 'Ada Lovelace']])

export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const { method } = event.requestContext.http
  const id = /^\/users\/([^/]+)$/.exec(event.rawPath)?.[1]
  if (method === 'GET' && id !== undefined) {
    const name = names.get(id)
    if (name === undefined) return { statusCode: 404, headers, body: JSON.stringify({ message: 'No such user' }) }
    return {
      statusCode: 200,
      headers,
      cookies: [`seen=${id}; Path=/`, 'visits=1; Path=/'],
      body: JSON.stringify({ id, name }),
    }
  }
  if (method === 'POST' && event.rawPath === '/users') {
    const user = JSON.parse(event.body ?? '')
    return { statusCode: 201, headers: { ...headers, location: `/users/${user.id}` }, body: JSON.stringify(user) }
  }
  return { statusCode: 404, headers, body: JSON.stringify({ message: 'Not found' }) }
}
