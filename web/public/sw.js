// Lets a staff screen start while the box does not answer. The box is always asked first: what is kept here is used
// only when no answer comes, so nobody sees an old app beside a newer box. Data is not kept here, the apps do that.

const PATIENCE = 4000
const NAME = 'qres:'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep, event.data.files))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(boxFirst(request, pageOf(url.pathname)))
  // A file in assets/ bears a hash in its name: the same name is the same file.
  else if (url.pathname.startsWith('/assets/')) event.respondWith(keptFirst(request))
})

/** `/app/admin/menu` is the page `/app/admin`. */
const pageOf = (path) => path.split('/').slice(0, 3).join('/')

/** Keeps a page as the box has it now, with the files that it names, and lets go of those of its last version. */
async function keep(page, files) {
  const reply = await fetch(page, { cache: 'no-cache' })
  if (!reply.ok) return
  const html = await reply.clone().text()
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1])
  const cache = await caches.open(NAME + page)
  await cache.addAll(named)
  await cache.put(page, reply)
  const loaded = files.filter((file) => !named.includes(file))
  await Promise.all(loaded.map((file) => cache.add(file).catch(() => undefined)))
  const wanted = new Set([page, ...named, ...loaded])
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request)
  }
}

async function boxFirst(request, page) {
  const kept = await caches.match(page)
  if (!kept) return fetch(request)
  const late = new Promise((done) => setTimeout(() => done(null), PATIENCE))
  const reply = await Promise.race([fetch(request).catch(() => null), late])
  return reply ?? kept
}

async function keptFirst(request) {
  return (await caches.match(request)) ?? fetch(request)
}
