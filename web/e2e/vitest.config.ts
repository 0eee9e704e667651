import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Against the real binary in a real browser; one file after another, for two cores.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
