import { toLambdaHandler } from '@expressway/express-shim/listener'
import { NestFactory } from '@nestjs/core'
import { AppModule } from './nest-module.ts'

export const handler = toLambdaHandler(async () => {
  const app = await NestFactory.create(AppModule, { logger: false })
  await app.init() // instead of app.listen(3000)
  return app.getHttpAdapter().getInstance()
})
