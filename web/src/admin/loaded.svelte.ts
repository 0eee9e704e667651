// What a section reads from the box: loaded when it opens, again when something happened, never two at once.

import { coalesced } from '../lib/refetch'
import { Refusal } from './ask'
import { link } from './link.svelte'

export class Loaded<T> {
  /** null until the first answer is here */
  value = $state.raw<T | null>(null)
  /** why the last load failed; the value may then be old */
  refusal = $state.raw<Refusal | null>(null)
  load: () => Promise<void>

  constructor(read: () => Promise<T>) {
    this.load = coalesced(async () => {
      try {
        this.value = await read()
        this.refusal = null
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        this.refusal = error
      }
    })
  }

  /** Loads now, and anew whenever one of these kinds of events comes; for an `$effect`. */
  follow(...kinds: string[]): () => void {
    void this.load()
    return link.listen((event) => {
      if (event === null || kinds.includes(event.type)) void this.load()
    })
  }
}
