// Runs serverless-offline itself with the little of the Serverless Framework that it asks for: the framework needs an account.
import Offline from 'serverless-offline'

const [httpPort, lambdaPort] = process.argv.slice(2).map(Number)
const echo = { handler: 'handler.handler', name: 'echo', events: [{ httpApi: '*' }] }
const service = {
  service: 'probe',
  functions: { echo },
  provider: { name: 'aws', runtime: 'nodejs22.x', stage: 'dev', region: 'us-east-1' },
  getAllFunctions: () => ['echo'],
  getFunction: () => echo,
  getAllEventsInFunction: () => echo.events,
}
const serverless = {
  service,
  serviceDir: import.meta.dirname,
  config: { serviceDir: import.meta.dirname, servicePath: import.meta.dirname },
}
const silent = () => {}
const log = Object.assign(silent, {
  notice: silent,
  debug: silent,
  info: silent,
  verbose: silent,
  success: silent,
  warning: silent,
  error: console.error,
})
const offline = new Offline(serverless, { httpPort, lambdaPort, host: '127.0.0.1', noSponsor: true }, { log })
await offline.start()
console.log('ready')
