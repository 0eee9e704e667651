// Short words at the bottom of a screen that go by themselves. At most three stand at once.

interface Action {
  word: string
  run: () => void
}

interface Toast {
  id: number
  text: string
  tone: 'plain' | 'late'
  action: Action | null
}

/** How long one stands, ms. */
const STANDS = 7000

class Toasts {
  list = $state<Toast[]>([])
  #next = 1

  say(text: string, tone: Toast['tone'] = 'plain'): void {
    this.#show(text, tone, null, STANDS)
  }

  /** With a button that is there for as long as the action can be taken (ms). Returns how to drop it sooner. */
  offer(text: string, action: Action, stands: number): number {
    return this.#show(text, 'plain', action, stands)
  }

  #show(text: string, tone: Toast['tone'], action: Action | null, stands: number): number {
    const id = this.#next++
    // The same word twice is one; what can be undone is its own each time.
    this.list = [...this.list.filter((toast) => toast.action || toast.text !== text), { id, text, tone, action }].slice(-3)
    setTimeout(() => this.drop(id), stands)
    return id
  }

  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
