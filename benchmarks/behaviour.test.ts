import { expect, it, vi } from 'vitest'
import { askAll } from './behaviour.ts'
import recorded from './behaviour.json' with { type: 'json' }

it('each framework answers as the site says', async () => {
  // serverless-express logs its own failure.
  const error = vi.spyOn(console, 'error').mockReturnValue()
  try {
    expect(await askAll()).toEqual(recorded)
  } finally {
    error.mockRestore()
  }
})
