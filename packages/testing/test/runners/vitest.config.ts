import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['faults.mjs'], globals: true } })
