import type { GatewayName } from '../../gateway.ts'
import type { WireRequest } from '../../wire.ts'
import type { Exchange } from '../exchange.ts'
import type { ColdInvoked, HandlerModule } from './cold-start.ts'
import { LambdaTransport, toInvokeOptions } from './lambda-transport.ts'
import type { SendOptions } from './transport.ts'

/** Sends requests to the handler of a module: loaded once for all, or, for a cold request, for that one. */
export class ModuleTransport extends LambdaTransport {
  override readonly startsCold = true
  readonly #module: HandlerModule
  #warm: Promise<LambdaTransport> | undefined

  constructor(module: HandlerModule, gateway: GatewayName) {
    super(() => {}, gateway)
    this.#module = module
  }

  override async send(request: WireRequest, origin: string, options: SendOptions): Promise<Exchange> {
    if (options.spec.cold) return this.#sendCold(request, options)
    this.#warm ??= this.#load()
    return (await this.#warm).send(request, origin, options)
  }

  async #load(): Promise<LambdaTransport> {
    const { loadHandler } = await import('../../process/handler-module.ts')
    const { handler } = await loadHandler(this.#module.file, this.#module.exportName)
    return new LambdaTransport(handler, this.gateway)
  }

  async #sendCold(request: WireRequest, options: SendOptions): Promise<Exchange> {
    const { invokeCold } = await import('./cold-start.ts')
    const answer: ColdInvoked = await invokeCold(this.#module, request, toInvokeOptions(options, this.gateway))
    options.answered()
    return { request: answer.request, response: answer.response, lambda: { ...answer, console: options.console } }
  }
}
