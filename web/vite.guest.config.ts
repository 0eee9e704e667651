// The guests' page, built alone: what the staff's pages need of a shared module weighs nothing here.

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** Puts the page's style into the page: what is in the first reply must look right without a second one. */
function styleInPage(): Plugin {
  return {
    name: 'style-in-page',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = bundle['guest.html']
      if (page?.type !== 'asset') throw new Error('the page was not built')
      let html = String(page.source)
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue
        const link = new RegExp(`<link[^>]*href="/${file.fileName}"[^>]*>`)
        // That of a part which is loaded later comes with it.
        if (!link.test(html)) continue
        html = html.replace(link, () => `<style>${String(file.source).trim()}</style>`)
        delete bundle[file.fileName]
      }
      page.source = html
    },
  }
}

/** What loads a part of the page later, in fewer words than Vite's own, which every guest would carry. */
const PRELOAD = `export const __vitePreload = (load, parts = []) =>
  Promise.all(parts.filter((part) => part.endsWith('.css')).map((part) => new Promise((done) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = '/' + part
    link.onload = link.onerror = done
    document.head.append(link)
  }))).then(load)`

function lightPreload(): Plugin {
  return {
    name: 'light-preload',
    enforce: 'pre',
    load: (id) => (id === '\0vite/preload-helper.js' ? PRELOAD : null),
  }
}

export default defineConfig({
  plugins: [svelte(), styleInPage(), lightPreload()],
  base: '/',
  build: {
    // Private fields as they are: written out they are slow on old phones, and 2 KB more. A phone from before 2021
    // reads the menu, which needs no script.
    target: 'es2022',
    // Beside the staff's pages, which are built first.
    emptyOutDir: false,
    copyPublicDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: { guest: fileURLToPath(new URL('./guest.html', import.meta.url)) } },
  },
})
