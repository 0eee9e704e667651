// One save at a time, with its refusal beside the field it speaks of, and a word when it is done.

import { sentenceFor } from '../lib/refusal'
import { Refusal } from './ask'
import { t, words } from './messages/words'
import { reasonFor } from './reasons'

/** How long "saved" stands, ms. */
const STANDS = 4000

class SavedWord {
  text = $state('')
  #timer: ReturnType<typeof setTimeout> | undefined

  say(text: string = t().saved): void {
    this.text = text
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.text = ''), STANDS)
  }
}

/** The one "saved" of the page. */
export const saved = new SavedWord()

export interface Words {
  words: typeof words
  reasonFor: (message: string) => string
}

export class Saving {
  busy = $state(false)
  refusal = $state.raw<Refusal | null>(null)
  #fieldOf: Record<string, string>
  #words: Words

  /**
   * `fieldOf`: the field that a refusal with this code speaks of, e.g. `{ name_taken: 'name' }`.
   * `own`: how a section with refusals of its own tells them.
   */
  constructor(fieldOf: Record<string, string> = {}, own: Words = { words, reasonFor }) {
    this.#fieldOf = fieldOf
    this.#words = own
  }

  /** Does the work, says "saved", and tells whether it was done. */
  async run(work: () => Promise<unknown>, word?: string): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.refusal = null
    try {
      await work()
      saved.say(word)
      return true
    } catch (error) {
      this.refusal = error instanceof Refusal ? error : new Refusal(0, 'unknown', String(error))
      return false
    } finally {
      this.busy = false
    }
  }

  /** What is wrong with a field. */
  at(field: string): string | undefined {
    const refusal = this.refusal
    if (!refusal) return undefined
    if (this.#fieldOf[refusal.code] === field) return sentenceFor(refusal, this.#words.words())
    const wrong = refusal.fields.find((one) => one.field === field)
    return wrong && this.#words.reasonFor(wrong.message)
  }

  /** What is wrong that no field shows. */
  get rest(): string | undefined {
    const refusal = this.refusal
    if (!refusal || this.#fieldOf[refusal.code]) return undefined
    return sentenceFor(refusal, this.#words.words())
  }
}
