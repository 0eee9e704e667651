// In a rush something happens many times a second; figures are read anew at most every two seconds, and once a minute
// when nothing happens, because what is late grows by itself.

import type { Loaded } from '../loaded.svelte'
import { link } from '../link.svelte'

const AT_MOST_EVERY = 2_000
const AT_LEAST_EVERY = 60_000

/** For an `$effect`: loads now, and again when an event of these kinds comes. */
export function keepFresh<T>(loaded: Loaded<T>, concerns: (kind: string) => boolean): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    waiting ??= setTimeout(() => {
      waiting = undefined
      void loaded.load()
    }, AT_MOST_EVERY)
  }
  void loaded.load()
  const stop = link.listen((event) => {
    if (event === null || concerns(event.type)) soon()
  })
  const clock = setInterval(soon, AT_LEAST_EVERY)
  return () => {
    stop()
    clearInterval(clock)
    clearTimeout(waiting)
  }
}
