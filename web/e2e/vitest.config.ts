import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Against the real binary in a real browser. Two files at a time: one waits for its browser, its box
// or a second of the clock most of the time.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['*.test.ts'],
    environment: 'node',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
