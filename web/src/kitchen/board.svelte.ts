// The kitchen's board: the box's list of items with the cook's taps laid over it until the box has answered.

import { SvelteMap } from 'svelte/reactivity'
import { Refusal } from '../lib/client'
import type { LinkState } from '../lib/live'
import { coalesced } from '../lib/refetch'
import type { ItemStatus, KitchenItem } from '../lib/types'
import { isOpen } from './tickets'

export interface BoardHooks {
  load: () => Promise<KitchenItem[]>
  setStatus: (id: number, status: ItemStatus) => Promise<unknown>
  /** lines that were not on the wall before, of new orders or added to old ones */
  onNewLines: (items: KitchenItem[]) => void
  /** a tap that the box did not take; the line is back as it was */
  onRefused: (item: KitchenItem, refusal: Refusal) => void
  /** the token opens nothing any more, or nothing here */
  onShutOut: (why: 'token_expired' | 'wrong_role') => void
}

interface Tap {
  status: ItemStatus
}

const RETRY_LOAD = 3000

export class Board {
  link = $state<LinkState>('connecting')
  silentSeconds = $state(0)
  /** when the list was last true, ms by this screen's clock; 0 before the first load */
  loadedAt = $state(0)
  loadFailed = $state(false)
  #told = $state.raw<KitchenItem[]>([])
  #taps = new SvelteMap<number, Tap>()
  #calls = new Map<number, Promise<unknown>>()
  #known: Set<number> | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #hooks: BoardHooks

  constructor(hooks: BoardHooks) {
    this.#hooks = hooks
  }

  /** The list as the cook sees it. */
  items = $derived.by(() =>
    this.#told.map((item) => {
      const tap = this.#taps.get(item.id)
      if (!tap || tap.status === item.status) return item
      return { ...item, status: tap.status, ready_at: tap.status === 'READY' ? new Date().toISOString() : null }
    }),
  )

  load = coalesced(async () => {
    clearTimeout(this.#retry)
    try {
      const items = await this.#hooks.load()
      this.#told = items
      this.loadedAt = Date.now()
      this.loadFailed = false
      this.#tellNewLines(items)
    } catch (error) {
      if (error instanceof Refusal && (error.status === 401 || error.status === 403)) {
        this.#hooks.onShutOut(error.status === 401 ? 'token_expired' : 'wrong_role')
        return
      }
      this.loadFailed = true
      this.#retry = setTimeout(() => void this.load(), RETRY_LOAD)
    }
  })

  stop(): void {
    clearTimeout(this.#retry)
  }

  /** Shows the change at once and tells the box; what the box refuses goes back to where it was. */
  async setStatus(items: KitchenItem[], status: ItemStatus): Promise<void> {
    await Promise.all(items.filter((item) => item.status !== status).map((item) => this.#tap(item, status)))
  }

  async #tap(item: KitchenItem, status: ItemStatus): Promise<void> {
    const tap: Tap = { status }
    this.#taps.set(item.id, tap)
    // Taps on one line reach the box in the order they were made.
    const call = (this.#calls.get(item.id) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#hooks.setStatus(item.id, status))
    this.#calls.set(item.id, call)
    try {
      await call
      // The box has it: true even if the next load should fail.
      this.#told = this.#told.map((line) => (line.id === item.id ? { ...line, status } : line))
      await this.load()
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(0, 'unknown', String(error))
      if (refusal.status === 401) this.#hooks.onShutOut('token_expired')
      else this.#hooks.onRefused(item, refusal)
      void this.load()
    } finally {
      if (this.#calls.get(item.id) === call) this.#calls.delete(item.id)
      if (this.#taps.get(item.id) === tap) this.#taps.delete(item.id)
    }
  }

  #tellNewLines(items: KitchenItem[]): void {
    const known = this.#known
    const fresh = known ? items.filter((item) => isOpen(item.status) && !known.has(item.id)) : []
    this.#known = new Set(items.map((item) => item.id))
    if (fresh.length > 0) this.#hooks.onNewLines(fresh)
  }
}
