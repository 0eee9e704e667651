// A device that lies about locks itself, so that nobody works in another's name.

const LOOK_EVERY = 2_000

/** Runs `lock` once nobody has touched the screen for `ms`. Returns how to stop. Clock time: a tablet that slept was idle. */
export function whenIdle(ms: number, lock: () => void): () => void {
  let touched = Date.now()
  const touch = () => (touched = Date.now())
  const look = setInterval(() => Date.now() - touched >= ms && lock(), LOOK_EVERY)
  for (const kind of ['pointerdown', 'keydown'] as const) addEventListener(kind, touch, { capture: true })
  return () => {
    clearInterval(look)
    for (const kind of ['pointerdown', 'keydown'] as const) removeEventListener(kind, touch, { capture: true })
  }
}
