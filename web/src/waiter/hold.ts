// A long press, and what a keyboard has in its place (the menu key, Shift+F10).

/** So long (ms) a finger rests for a long press. */
const LONG = 450
/** A finger that moves farther (px) scrolls. */
const SLIP = 10

/** An attachment: `run` on a long press, without the tap that it ends with. */
export const held = (run: () => void) => (node: HTMLElement) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let at = { x: 0, y: 0 }
  let isHeld = false

  const stop = () => clearTimeout(timer)
  const hold = () => {
    stop()
    if (!isHeld) run()
    isHeld = true
    // What else the press may have begun, such as a drag, is over.
    node.dispatchEvent(new Event('pointercancel', { bubbles: true }))
  }
  const on = {
    pointerdown: (event: PointerEvent) => {
      isHeld = false
      at = { x: event.clientX, y: event.clientY }
      stop()
      if (event.button === 0) timer = setTimeout(hold, LONG)
    },
    pointermove: (event: PointerEvent) => {
      if (Math.hypot(event.clientX - at.x, event.clientY - at.y) > SLIP) stop()
    },
    pointerup: stop,
    pointercancel: stop,
    contextmenu: (event: Event) => {
      event.preventDefault()
      hold()
    },
    keydown: () => (isHeld = false),
    click: (event: MouseEvent) => {
      if (!isHeld) return
      isHeld = false
      event.stopPropagation()
      event.preventDefault()
    },
  }
  const entries = Object.entries(on) as [string, EventListener][]
  for (const [kind, listen] of entries) node.addEventListener(kind, listen, { capture: true })
  return () => {
    stop()
    for (const [kind, listen] of entries) node.removeEventListener(kind, listen, { capture: true })
  }
}
