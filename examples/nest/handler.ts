import { toLambdaHandler } from '@expressway/express-shim/listener'
import { NestFactory } from '@nestjs/core'
import { AppModule } from './app.ts'

// In Lambda's init phase. `abortOnError: false` leaves a failure to Lambda, instead of ending the process.
const nest = await NestFactory.create(AppModule, { logger: ['error', 'warn'], abortOnError: false })
await nest.init()

/** The Express application, for `expressway routes`. */
export const app = nest.getHttpAdapter().getInstance()
export const handler = toLambdaHandler(app)
