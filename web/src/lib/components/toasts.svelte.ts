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

  /** With a button that is there for as long as the action can be taken (ms). */
  offer(text: string, action: Action, stands: number): void {
    this.#show(text, 'plain', action, stands)
  }

  #show(text: string, tone: Toast['tone'], action: Action | null, stands: number): void {
    const id = this.#next++
    this.list = [...this.list.filter((toast) => toast.text !== text), { id, text, tone, action }].slice(-3)
    setTimeout(() => this.drop(id), stands)
  }

  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
