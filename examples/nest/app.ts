import 'reflect-metadata'
import {
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  Delete,
  type ExceptionFilter,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Module,
  Param,
  ParseIntPipe,
  Post,
  StandardSchemaValidationPipe,
} from '@nestjs/common'
import { APP_FILTER, APP_PIPE } from '@nestjs/core'
import type { Response } from 'express'
import * as z from 'zod'

const NewNote = z.object({ text: z.string().min(1).max(200) })
type NewNote = z.infer<typeof NewNote>

class UnknownNote extends Error {
  readonly id: number

  constructor(id: number) {
    super(`There is no note ${id}`)
    this.id = id
  }
}

/** Stands for the database. */
@Injectable()
export class Notes {
  readonly #notes = new Map<number, string>()

  list() {
    return [...this.#notes].map(([id, text]) => ({ id, text }))
  }

  find(id: number) {
    const text = this.#notes.get(id)
    if (text === undefined) throw new UnknownNote(id)
    return { id, text }
  }

  add({ text }: NewNote) {
    const id = this.#notes.size + 1
    this.#notes.set(id, text)
    return { id, text }
  }

  remove(id: number) {
    if (!this.#notes.delete(id)) throw new UnknownNote(id)
  }
}

// `@Inject` names what is injected: esbuild writes no types of parameters into the code, as tsc does.
@Controller('notes')
class NotesController {
  readonly #notes: Notes

  constructor(@Inject(Notes) notes: Notes) {
    this.#notes = notes
  }

  @Get()
  list() {
    return this.#notes.list()
  }

  @Get(':id')
  find(@Param('id', ParseIntPipe) id: number) {
    return this.#notes.find(id)
  }

  @Post()
  add(@Body({ schema: NewNote }) note: NewNote) {
    return this.#notes.add(note)
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id', ParseIntPipe) id: number) {
    this.#notes.remove(id)
  }
}

@Catch(UnknownNote)
class UnknownNoteFilter implements ExceptionFilter {
  catch({ id, message }: UnknownNote, host: ArgumentsHost) {
    host.switchToHttp().getResponse<Response>().status(404).json({ statusCode: 404, message, id })
  }
}

@Module({
  controllers: [NotesController],
  providers: [
    Notes,
    { provide: APP_PIPE, useValue: new StandardSchemaValidationPipe() },
    { provide: APP_FILTER, useClass: UnknownNoteFilter },
  ],
})
export class AppModule {}
