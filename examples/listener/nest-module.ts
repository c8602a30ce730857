// A module and its controller. Node.js runs TypeScript without decorators, so they are called as functions.
import 'reflect-metadata'
import { Controller, Get, Module, Param } from '@nestjs/common'

class HelloController {
  hello(name: string) {
    return { hello: name }
  }
}
Controller('hello')(HelloController)
Param('name')(HelloController.prototype, 'hello', 0)
Get(':name')(HelloController.prototype, 'hello', Object.getOwnPropertyDescriptor(HelloController.prototype, 'hello')!)

export class AppModule {}
Module({ controllers: [HelloController] })(AppModule)
