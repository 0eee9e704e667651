// Short words at the bottom of a screen that go by themselves. At most three stand at once.

interface Toast {
  id: number
  text: string
  tone: 'plain' | 'late'
}

const STANDS = 7000

class Toasts {
  list = $state<Toast[]>([])
  #next = 1

  say(text: string, tone: Toast['tone'] = 'plain'): void {
    const id = this.#next++
    this.list = [...this.list.filter((toast) => toast.text !== text), { id, text, tone }].slice(-3)
    setTimeout(() => this.drop(id), STANDS)
  }

  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
