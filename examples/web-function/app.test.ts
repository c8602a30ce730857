import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import request from '@expressway/testing'
import { expect, it, vi } from 'vitest'
import { app } from './app.ts'

it('is a Lambda function', () => request(app).get('/hello/ada').expect(200, { hello: 'ada', through: 'http-api' }))

it('is a server where Lambda wants one, and ends at SIGTERM', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const endpoint = `127.0.0.1:${(probe.address() as AddressInfo).port}`
  await new Promise((resolve) => probe.close(resolve))
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
