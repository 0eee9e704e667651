// A line that is dragged from check to check: with a mouse after a few pixels, with a finger after a hold, so that a list
// is still scrolled and a tap is still a tap. Where it may be let go says `data-drop`.

/** A finger that rests so long (ms) takes the line. */
const HOLD = 300
/** A hand is never quite still (px). */
const SLACK = 8
/** So close to the edge (px) the list scrolls along, by so much (px) each time. */
const EDGE = 56
const STEP = 12
const TURN = 16

export interface Dragged {
  itemId: number
  from: number
}

export class Drag {
  /** what is in the hand, and where */
  now = $state.raw<(Dragged & { x: number; y: number }) | null>(null)
  /** the `data-drop` under it */
  over = $state<string | null>(null)

  #pressed: (Dragged & { x: number; y: number; isMouse: boolean; pointer: number }) | null = null
  #holding: ReturnType<typeof setTimeout> | undefined
  #scrolling: ReturnType<typeof setInterval> | undefined

  constructor(private readonly onDrop: (what: Dragged, over: string) => void) {}

  /** On what holds the lines and scrolls with them: a list under a line that is dragged stands still. */
  attach = (area: HTMLElement): (() => void) => {
    const still = (event: Event) => {
      if (this.now && event.cancelable) event.preventDefault()
    }
    // It must be known before the finger comes down that its moves may be refused.
    area.addEventListener('touchmove', still, { passive: false })
    area.addEventListener('contextmenu', still)
    return () => {
      area.removeEventListener('touchmove', still)
      area.removeEventListener('contextmenu', still)
      this.#end()
    }
  }

  press(event: PointerEvent, what: Dragged): void {
    if (event.button !== 0 || !event.isPrimary || this.#pressed) return
    const isMouse = event.pointerType === 'mouse'
    this.#pressed = { ...what, x: event.clientX, y: event.clientY, isMouse, pointer: event.pointerId }
    if (!isMouse) this.#holding = setTimeout(() => this.#take(), HOLD)
    for (const [name, hear] of this.#heard) addEventListener(name, hear, true)
  }

  #move = (event: PointerEvent): void => {
    const pressed = this.#pressed
    if (!pressed || event.pointerId !== pressed.pointer) return
    const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y)
    if (!this.now && far > SLACK) {
      // A finger that moves at once scrolls.
      if (!pressed.isMouse) return this.#end()
      this.#take()
    }
    if (!this.now) return
    const { itemId, from } = pressed
    this.now = { itemId, from, x: event.clientX, y: event.clientY }
    this.#look()
  }

  #take(): void {
    if (!this.#pressed) return
    const { itemId, from, x, y } = this.#pressed
    this.now = { itemId, from, x, y }
    this.#look()
    this.#scrolling = setInterval(() => this.#scroll(), TURN)
  }

  #look(): void {
    if (!this.now) return
    const under = document.elementFromPoint(this.now.x, this.now.y)
    this.over = under?.closest<HTMLElement>('[data-drop]')?.dataset['drop'] ?? null
  }

  #scroll(): void {
    if (!this.now) return
    const { x, y } = this.now
    const list = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-scrolls]')
    if (!list) return
    const { top, bottom } = list.getBoundingClientRect()
    if (y < top + EDGE) list.scrollTop -= STEP
    else if (y > bottom - EDGE) list.scrollTop += STEP
    this.#look()
  }

  #up = (event: PointerEvent): void => {
    const { now, over } = this
    if (event.pointerId !== this.#pressed?.pointer) return
    this.#end()
    if (!now) return
    // The click that follows is none.
    const none = (click: Event) => (click.stopPropagation(), click.preventDefault())
    addEventListener('click', none, { capture: true, once: true })
    setTimeout(() => removeEventListener('click', none, { capture: true }))
    if (over !== null && over !== String(now.from)) this.onDrop({ itemId: now.itemId, from: now.from }, over)
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.now) return
    // It closes nothing else.
    event.stopImmediatePropagation()
    this.#end()
  }

  #end = (): void => {
    clearTimeout(this.#holding)
    clearInterval(this.#scrolling)
    for (const [name, hear] of this.#heard) removeEventListener(name, hear, true)
    this.#pressed = this.now = this.over = null
  }

  readonly #heard: [string, EventListener][] = [
    ['pointermove', this.#move as EventListener],
    ['pointerup', this.#up as EventListener],
    ['pointercancel', this.#end as EventListener],
    ['keydown', this.#key as EventListener],
  ]
}
