import { Agent, request } from 'node:http'

// Stands in for `rapid-client.node` of AWS's runtime interface client: the same three functions over node:http. AWS's are compiled
// from C++ over libcurl (src/native/rapid-client.cc) and block the thread until Lambda has taken the result; these do not block it.

const [host, port] = process.env['AWS_LAMBDA_RUNTIME_API']!.split(':')
const agent = new Agent({ keepAlive: true })

/** Never called: AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1 has the client ask for work in its own JavaScript. */
export function next(): never {
  throw new Error('the stand-in for the native client does not ask for work')
}

/** Reports the result of an invocation, as JSON. */
export function done(requestId: string, body: string): void {
  checkStrings(requestId, body)
  post(`${requestId}/response`, body, {})
}

/** Reports the error of an invocation, as JSON. */
export function error(requestId: string, body: string, xrayCause: string): void {
  checkStrings(requestId, body, xrayCause)
  post(`${requestId}/error`, body, { 'lambda-runtime-function-xray-error-cause': xrayCause })
}

/** JSON.stringify has no text for a function or a symbol. @throws TypeError with the words of AWS's module. */
function checkStrings(...values: unknown[]): void {
  if (values.some((value) => typeof value !== 'string')) throw new TypeError('Wrong arguments')
}

function post(path: string, body: string, headers: Record<string, string>): void {
  const options = {
    host,
    port,
    agent,
    method: 'POST',
    path: `/2018-06-01/runtime/invocation/${path}`,
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  }
  request(options, (response) => response.resume()).end(body)
}
