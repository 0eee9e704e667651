// The page on which guests book, built alone: what it shares with the staff's pages would cut those into smaller files,
// which weigh more.

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [svelte()],
  base: '/',
  build: {
    target: ['es2020', 'chrome87', 'firefox78', 'safari14'],
    // Beside the staff's pages, which are built first.
    emptyOutDir: false,
    copyPublicDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: { reserve: fileURLToPath(new URL('./reserve.html', import.meta.url)) } },
  },
})
