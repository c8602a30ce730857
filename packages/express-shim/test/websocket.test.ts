// A file of its own: the warning is given once in a process for each source.
import { functionUrlEvent, httpApiEvent } from '@expressway/testing/events'
import realExpress from 'express'
import { expect, it, vi } from 'vitest'
import express from '../src/index.ts'
import { toLambdaHandler } from '../src/listener.ts'

it.each([
  ['an application of the shim', 'http-api', httpApiEvent, express().handler],
  ['Express behind the listener', 'function-url', functionUrlEvent, toLambdaHandler(realExpress())],
] as const)('%s: a request for a WebSocket that ends as 404 is explained', async (_name, source, eventOf, handler) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const event = eventOf({ path: '/chat', headers: { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' } })
  expect(await handler(event)).toMatchObject({ statusCode: 404 })
  expect(warn.mock.calls.flat()).toEqual([expect.stringMatching(new RegExp(`404: ${source} cannot upgrade`))])
  warn.mockRestore()
})
