import express from 'express'
import { describe, expect, test } from 'vitest'
import { createClock } from '../src/context.ts'
import request, { agent } from '../src/index.ts'
import { handler } from './cold/handler.ts'

const at = (file: string) => new URL(`./cold/${file}`, import.meta.url)
const module = at('handler.ts')

describe('a module as target', () => {
  test('is loaded once', async () => {
    const client = request(module)
    const { body } = await client.get('/').expect(200)
    expect(body).toMatchObject({ pid: process.pid })
    await client.get('/').expectJsonPath('calls', body.calls + 1)
    await request(module.href).get('/').via('alb').expect(200)
  })

  test('has its handler under any name', async () => {
    await request(module, { exportName: 'other' }).get('/').expect(202)
    await expect(request(module, { exportName: 'none' }).get('/')).rejects.toThrow(
      'it exports no none (it exports handler, other)',
    )
    await expect(request(at('nowhere.ts')).get('/')).rejects.toThrow('nowhere.ts')
  })
})

describe('a cold request', () => {
  test('loads the module and all that it imports anew, in another process', async () => {
    const client = request(module)
    await client.get('/').expect(200)
    const first = await client.get('/').cold().expect(200).expectJsonPath('calls', 1)
    const second = await client.get('/').cold().expect(200).expectJsonPath('calls', 1)
    expect(new Set([process.pid, first.body.pid, second.body.pid]).size).toBe(3)
    expect(first.initMs).toBeGreaterThan(0)
    expect((await client.get('/')).initMs).toBeUndefined()
  })

  test('gets the same event and context as a warm one', async () => {
    const build = () =>
      request(module)
        .get('/x?a=1')
        .claims({ sub: 'ada' })
        .context({ requestId: 'given' })
        .event((event) => ({ ...event, extra: 'added' }))
    const warm = await build()
    const cold = await build().cold()
    expect(cold.event).toEqual(warm.event)
    expect(cold.headers).toEqual(warm.headers)
    expect(cold.body).toMatchObject({ extra: 'added', requestId: 'given' })
    expect(cold.context.awsRequestId).toBe('given')
    const defaults = await request(module).get('/').cold()
    expect(defaults.body.requestId).toBe((await request(module).get('/')).body.requestId)
  })

  test('through every gateway, each with a process of its own', async () => {
    const client = agent(module).cold()
    await client.get('/').via('rest').expectJsonPath('calls', 1)
    await client.get('/').via('alb').expectJsonPath('calls', 1)
    await client.get('/').rawEvent({ rawPath: '/raw' }).expectJsonPath('calls', 1)
  })

  test('streams', async () => {
    const response = await request(at('streams.mjs')).get('/').cold().stream().expect(201, 'one two')
    expect(response.chunks.map(({ data }) => String(data))).toEqual(['one ', 'two'])
    expect(response.prelude).toMatchObject({ statusCode: 201 })
  })

  test('fails as the function would', async () => {
    const thrown = await request(module).get('/throw').cold().expect(500)
    expect(thrown.lambdaError).toMatchObject({ name: 'RangeError', message: 'out of range' })
    const gone = await request(module).get('/exit').cold().expect(500)
    expect(gone.lambdaError).toMatchObject({ name: 'Runtime.ExitError' })
    const broken = await request(at('broken.mjs')).get('/').via('rest').cold().expect(502)
    expect(broken.lambdaError?.name).toBe('Runtime.ImportModuleError')
    expect(`${broken.lambdaError?.message} ${broken.lambdaError?.stack}`).toContain('no configuration')
  })

  test('ends its process when nobody waits any more', async () => {
    await expect(request(module).get('/never').cold().timeout(700)).rejects.toThrow('Timeout of 700ms exceeded')
  })

  test('needs a module', async () => {
    await expect(request(handler).get('/').cold()).rejects.toThrow(
      ".cold() loads the module of the handler again, and this target is a handler that is loaded already. Name its file: request(new URL('./handler.ts', import.meta.url)).",
    )
    await expect(request(express()).get('/').cold()).rejects.toThrow(
      '.cold() needs a Lambda handler as target; GET http://127.0.0.1/ goes to a real server.',
    )
    const clock = createClock(0)
    await expect(request(module).get('/').context({ clock }).cold()).rejects.toThrow('a clock of the test')
  })
})
