import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const page = (name: string) => fileURLToPath(new URL(`./${name}.html`, import.meta.url))

// One page per place where the staff use QRes. The guests' pages are built by vite.guest.config.ts and
// vite.reserve.config.ts.
export default defineConfig({
  plugins: [svelte()],
  base: '/',
  build: {
    target: ['es2020', 'chrome87', 'firefox78', 'safari14'],
    // The content policy allows files only: nothing is inlined into HTML or CSS.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        index: page('index'),
        admin: page('admin'),
        kitchen: page('kitchen'),
        setup: page('setup'),
        trust: page('trust'),
        waiter: page('waiter'),
      },
    },
  },
  server: {
    // `npm run dev` beside a box on its usual port: all but our own pages and modules is the box's.
    proxy: {
      '^/(?!@|src/|node_modules/|favicon|(admin|guest|kitchen|reserve|setup|trust|waiter|index)\\.html|$)': {
        target: process.env.QRES_BOX ?? 'http://127.0.0.1:8000',
        ws: true,
      },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
})
