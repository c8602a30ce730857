import { expect, it, vi } from 'vitest'
import recorded from './behaviour.json' with { type: 'json' }
import { askAll } from './behaviour.ts'

it('each framework answers as the site says', async () => {
  // serverless-express logs its own failure.
  const error = vi.spyOn(console, 'error').mockReturnValue()
  try {
    expect(await askAll()).toEqual(recorded)
  } finally {
    error.mockRestore()
  }
})
