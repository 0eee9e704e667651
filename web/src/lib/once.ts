// One key for one wish: whoever asks for the same again gets the same key until the box has said yes or no, so that a
// second tap after a lost answer takes no money twice. Pure, but for where keys come from.

import { Refusal } from './http'
import { uuidv7 } from './uuid'

export class Once {
  #wish = ''
  #key = ''

  constructor(private readonly newKey: () => string = uuidv7) {}

  keyFor(wish: unknown): string {
    const told = JSON.stringify(wish)
    if (told !== this.#wish || this.#key === '') [this.#wish, this.#key] = [told, this.newKey()]
    return this.#key
  }

  /** The box has answered: the same wish from now on is another one. */
  answered(): void {
    this.#key = ''
  }

  /** Asks under the wish's key, and keeps it for as long as nobody knows what came of it. */
  async ask<T>(wish: unknown, step: (key: string) => Promise<T>): Promise<T> {
    try {
      const answer = await step(this.keyFor(wish))
      this.answered()
      return answer
    } catch (error) {
      if (!(error instanceof Refusal && error.isOpen)) this.answered()
      throw error
    }
  }
}
