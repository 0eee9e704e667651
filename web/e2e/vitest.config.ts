import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** What a slow machine may take for what a person sees at once; who asserts that something is quick says so where it is. */
const PATIENCE = 30_000

// Against the real binary in a real browser; two files at a time, for two cores.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['*.test.ts'],
    environment: 'node',
    maxWorkers: 2,
    testTimeout: 6 * PATIENCE,
    hookTimeout: 6 * PATIENCE,
    expect: { poll: { timeout: PATIENCE } },
  },
})
