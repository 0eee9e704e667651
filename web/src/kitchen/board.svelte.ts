// The kitchen's board: the box's list of items, kept true by what is told, with the cook's taps laid over it until the box
// has answered.

import { SvelteMap } from 'svelte/reactivity'
import { Refusal } from '../lib/client'
import type { LinkState, LiveEvent } from '../lib/live'
import { coalesced } from '../lib/refetch'
import type { ItemStatus, KitchenItem } from '../lib/types'
import { boardAfter } from './board-events'
import { changeBy, fits, type Step, type Way } from './steps'
import { isOpen } from './tickets'

export interface BoardHooks {
  load: () => Promise<KitchenItem[]>
  /** of which lines the list is */
  statuses: () => ItemStatus[]
  move: (orderId: number, itemIds: number[], step: Step, way: Way) => Promise<unknown>
  serve: (itemId: number) => Promise<unknown>
  /** lines that were not on the wall before, of new orders or added to old ones */
  onNewLines: (items: KitchenItem[]) => void
  /** a tap that the box did not take; the line is back as it was */
  onRefused: (item: KitchenItem, refusal: Refusal) => void
  /** the token opens nothing any more, or nothing here */
  onShutOut: (why: 'token_expired' | 'wrong_role') => void
}

/** A step that was taken at this screen. */
export interface Taken {
  orderId: number
  itemIds: number[]
  step: Step
}

/** A change laid over a line until the box has answered. */
type Tap = Partial<KitchenItem>

const RETRY_LOAD = 3000
/** The last event of a burst may tell what the first left open (ms). */
const GATHER = 150
/** A tap that the box has taken is told within this time (ms), or the list is read. */
const TOLD_WITHIN = 1000
/** Steps that can be taken back one after another. */
const REMEMBERED = 20

export class Board {
  link = $state<LinkState>('connecting')
  silentSeconds = $state(0)
  /** when the list was last true, ms by this screen's clock; 0 before the first load */
  loadedAt = $state(0)
  loadFailed = $state(false)
  #told = $state.raw<KitchenItem[]>([])
  #taken = $state.raw<Taken[]>([])
  #taps = new SvelteMap<number, Tap>()
  #calls = new Map<number, Promise<unknown>>()
  #known: Set<number> | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #look: ReturnType<typeof setTimeout> | undefined
  /** the list is as the box has it, but for what is still to be told */
  #isTrue = false
  /** orders of which too little was told */
  #unsure = new Set<number>()
  /** told while the list was on its way: it may be older, or newer */
  #meanwhile: LiveEvent[] | null = null
  /** who waits to be told of lines */
  #waiting = new Set<{ ids: Set<number>; done: () => void }>()
  #hooks: BoardHooks

  constructor(hooks: BoardHooks) {
    this.#hooks = hooks
  }

  /** The list as the cook sees it. */
  items = $derived.by(() => {
    if (this.#taps.size === 0) return this.#told
    return this.#told.map((item) => {
      const tap = this.#taps.get(item.id)
      return tap ? { ...item, ...tap } : item
    })
  })

  /** The newest step of this screen that can still be taken back: what was served meanwhile cannot. */
  lastTaken = $derived.by((): Taken | null => {
    const lines = new Map(this.items.map((item) => [item.id, item]))
    const canGoBack = ({ itemIds, step }: Taken): boolean =>
      itemIds.some((id) => lines.has(id) && fits(lines.get(id)!, step, 'back'))
    return [...this.#taken].reverse().find(canGoBack) ?? null
  })

  load = coalesced(async () => {
    clearTimeout(this.#retry)
    const told: LiveEvent[] = (this.#meanwhile = [])
    this.#unsure.clear()
    try {
      this.#told = await this.#hooks.load()
      this.#meanwhile = null
      this.#isTrue = true
      this.loadFailed = false
      for (const event of told) this.#lay(event)
      this.#shown()
    } catch (error) {
      this.#meanwhile = null
      this.#isTrue = false
      if (error instanceof Refusal && (error.status === 401 || error.status === 403)) {
        this.#hooks.onShutOut(error.status === 401 ? 'token_expired' : 'wrong_role')
        return
      }
      this.loadFailed = true
      this.#retry = setTimeout(() => void this.load(), RETRY_LOAD)
    }
  })

  /** Something happened in the house. */
  hear(event: LiveEvent): void {
    if (event.isReplayed || !this.#isTrue) {
      void this.load()
      return
    }
    this.#meanwhile?.push(event)
    this.#lay(event)
    this.#shown()
  }

  #lay(event: LiveEvent): void {
    const before = this.#told
    const { items, unsure, isLost } = boardAfter(before, event, this.#hooks.statuses())
    this.#told = items
    if (event.order && event.order_id) this.#unsure.delete(event.order_id)
    if (unsure) this.#unsure.add(unsure)
    if (isLost) void this.load()
    else if (unsure) {
      clearTimeout(this.#look)
      this.#look = setTimeout(() => this.#unsure.size > 0 && void this.load(), GATHER)
    }
    const same = new Set(before)
    const now = new Set(items)
    const changed = [...items.filter((item) => !same.has(item)), ...before.filter((item) => !now.has(item))]
    for (const { id } of changed) this.#tell(id)
  }

  #tell(itemId: number): void {
    for (const waiting of this.#waiting) if (waiting.ids.delete(itemId) && waiting.ids.size === 0) waiting.done()
  }

  /** Waits until the box has told of all these lines since now: whether it has, in time. */
  #toldOf(itemIds: number[]): { within: (ms: number) => Promise<boolean>; forget: () => void } {
    let isTold = false
    let wake = (): void => undefined
    const waiting = { ids: new Set(itemIds), done: () => ((isTold = true), wake()) }
    this.#waiting.add(waiting)
    return {
      within: async (ms) => {
        if (!isTold) {
          await new Promise<void>((done) => {
            wake = done
            setTimeout(done, ms)
          })
        }
        return isTold
      },
      forget: () => this.#waiting.delete(waiting),
    }
  }

  #shown(): void {
    this.loadedAt = Date.now()
    this.#tellNewLines(this.#told)
  }

  stop(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#look)
  }

  /** Moves lines of one order: shows it at once and tells the box; what the box refuses goes back to where it was. */
  async move(items: KitchenItem[], step: Step, way: Way): Promise<void> {
    const meant = items.filter((item) => fits(item, step, way))
    if (meant.length === 0) return
    const orderId = meant[0]!.order_id
    const itemIds = meant.map((item) => item.id)
    if (way === 'forth') this.#taken = [...this.#taken, { orderId, itemIds, step }].slice(-REMEMBERED)
    await this.#tap(meant, changeBy(step, way, new Date().toISOString()), () =>
      this.#hooks.move(orderId, itemIds, step, way),
    )
  }

  /** Takes the last step of this screen back. */
  async undo(): Promise<void> {
    const last = this.lastTaken
    if (!last) return
    this.#taken = this.#taken.filter((taken) => taken !== last)
    await this.move(this.items.filter((item) => last.itemIds.includes(item.id)), last.step, 'back')
  }

  /** What is ready of a table goes out. */
  async serve(items: KitchenItem[]): Promise<void> {
    const ready = items.filter((item) => item.status === 'READY')
    if (ready.length === 0) return
    await this.#tap(ready, { status: 'SERVED' }, async () => {
      for (const item of ready) await this.#hooks.serve(item.id)
    })
  }

  async #tap(items: KitchenItem[], tap: Tap, tell: () => Promise<unknown>): Promise<void> {
    const orderId = items[0]!.order_id
    for (const item of items) this.#taps.set(item.id, { ...this.#taps.get(item.id), ...tap })
    const laid = new Map(items.map((item) => [item.id, this.#taps.get(item.id)]))
    // Taps on one order reach the box in the order they were made.
    const call = (this.#calls.get(orderId) ?? Promise.resolve()).catch(() => undefined).then(tell)
    this.#calls.set(orderId, call)
    const told = this.#toldOf([...laid.keys()])
    try {
      await call
      if (await told.within(this.link === 'live' ? TOLD_WITHIN : 0)) return
      // The box has it: true even if the next load should fail.
      this.#told = this.#told.map((line) => (laid.has(line.id) ? { ...line, ...tap } : line))
      await this.load()
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(0, 'unknown', String(error))
      if (refusal.status === 401) this.#hooks.onShutOut('token_expired')
      else this.#hooks.onRefused(items[0]!, refusal)
      void this.load()
    } finally {
      told.forget()
      if (this.#calls.get(orderId) === call) this.#calls.delete(orderId)
      for (const [id, tapped] of laid) if (this.#taps.get(id) === tapped) this.#taps.delete(id)
    }
  }

  #tellNewLines(items: KitchenItem[]): void {
    const known = this.#known
    // What was held, and is fired, is as new as what was just ordered.
    const told = items.filter(({ status }) => status !== 'HELD')
    const fresh = known ? told.filter((item) => isOpen(item.status) && !known.has(item.id)) : []
    this.#known = new Set(told.map((item) => item.id))
    if (fresh.length > 0) this.#hooks.onNewLines(fresh)
  }
}
