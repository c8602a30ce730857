import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import request from '@expressway/testing'
import { expect, it, vi } from 'vitest'
import { freePort } from '../free-port.ts'
import { app } from './app.ts'

it('is a Lambda function', () => request(app).get('/hello/ada').expect(200, { hello: 'ada', through: 'http-api' }))

it('is a server where Lambda wants one, and ends at SIGTERM', async () => {
  const endpoint = `127.0.0.1:${await freePort()}`
  const child = spawn(process.execPath, [join(import.meta.dirname, 'app.ts')], {
    env: { ...process.env, AWS_LAMBDA_HTTP_ENDPOINT: endpoint },
    stdio: 'inherit',
  })
  const exited = once(child, 'exit')
  const response = await vi.waitFor(() => fetch(`http://${endpoint}/hello/ada`), { timeout: 10_000 })
  expect(await response.json()).toEqual({ hello: 'ada', through: 'node' })
  child.kill('SIGTERM')
  expect((await exited)[1]).toBe('SIGTERM')
})
