import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Figures with limits: what pages weigh, what Lighthouse says of the guests' page. `make budget`
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
  },
})
