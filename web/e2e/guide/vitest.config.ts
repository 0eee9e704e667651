import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Not a test: takes the pictures of docs/GUIDE.md from the real box. `make guide`
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: { include: ['*.shots.ts'], environment: 'node', fileParallelism: false, testTimeout: 240_000, hookTimeout: 60_000 },
})
