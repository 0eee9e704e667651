// Makes a staff screen start without the box, where the browser allows it: over HTTPS, or on the box itself.

/** `page`: the app's own address, as in /app/waiter. */
export function startsWithoutBox(page: string): void {
  if (!('serviceWorker' in navigator) || !isSecureContext || import.meta.env.DEV) return
  const keep = async () => {
    await navigator.serviceWorker.register('/sw.js', { scope: '/app/' })
    const { active } = await navigator.serviceWorker.ready
    const files = performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name))
      .filter((url) => url.origin === location.origin && url.pathname.startsWith('/assets/'))
      .map((url) => url.pathname)
    active?.postMessage({ keep: page, files })
  }
  // A browser that may not keep anything shows the app all the same.
  addEventListener('load', () => void keep().catch(() => undefined))
}
