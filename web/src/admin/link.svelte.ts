// The admin's app on the live feed: how good the link is, and who wants to hear what happened.

import { cloudCopy } from '../lib/cloud.svelte'
import { fiscal } from '../lib/fiscal.svelte'
import { LiveFeed, type LinkState, type LiveEvent } from '../lib/live'
import { printers } from '../lib/printers.svelte'
import { session } from './station'

/** `null`: anything may have happened, load anew. */
type Hears = (event: LiveEvent | null) => void

class Link {
  state = $state<LinkState>('connecting')
  seconds = $state(0)
  #feed: LiveFeed | null = null
  #hearers = new Set<Hears>()

  start(token: string): () => void {
    const tell = (event: LiveEvent | null) => {
      for (const one of [printers, fiscal]) {
        if (event) one.hear(event)
        else void one.load(token)
      }
      this.#hearers.forEach((hears) => hears(event))
    }
    void printers.load(token)
    void fiscal.load(token)
    let greeted = false
    this.#feed = new LiveFeed({
      token,
      onEvent: tell,
      // The first greeting tells nothing new: sections load by themselves when they open.
      onReload: () => {
        if (greeted) tell(null)
        greeted = true
      },
      onUntold: () => tell(null),
      onBeat: cloudCopy.hear,
      onLink: (state, seconds) => {
        this.state = state
        this.seconds = seconds
      },
      onTokenEnded: () => session.end('token_expired'),
    })
    return () => {
      this.#feed?.stop()
      this.#feed = null
    }
  }

  /** Calls `hears` at every event until the returned function is called; for an `$effect`. */
  listen(hears: Hears): () => void {
    this.#hearers.add(hears)
    return () => this.#hearers.delete(hears)
  }

  /** The box's time now (ms since 1970). */
  now(): number {
    return this.#feed?.now() ?? Date.now()
  }
}

export const link = new Link()
