// One visit of a guest: the menu, the table, the table's order, and the live link that keeps them true.

import { Refusal } from '../lib/http'
import { LiveFeed, type LinkState, type LiveEvent } from '../lib/live'
import { coalesced } from '../lib/refetch'
import { lasting, recall, remember } from '../lib/storage'
import { box } from './box'
import type { FirstReply, Part } from './first'
import type {
  GuestOrder,
  GuestOrderRequest,
  GuestPaymentMethod,
  GuestSession,
  Menu,
  Restaurant,
} from '../lib/types'
import { Calls } from './calls.svelte'

/**
 * none: no code was scanned; unknown: the box knows no such table; seated: orders can be placed;
 * over: the visit has ended, and the next guests' order is none of this phone's business
 */
export type Seat = 'none' | 'finding' | 'unknown' | 'seated' | 'over'

/** How an order that is over ended, as far as this page has heard. */
export type Ending = 'COMPLETED' | 'CANCELLED' | null

const RETRY_LOAD = 3000

/** A guest who comes back on another day (ms) sits down without being asked. */
const LEFT_FOR = 12 * 3600_000
const isRecent = (value: unknown): value is number => typeof value === 'number' && Date.now() - value < LEFT_FOR

/** The order of a visit that is over, to look at. */
interface Past {
  order: GuestOrder
  ending: Ending
  at: number
}

const isPast = (value: unknown): value is Past => {
  const past = value as Past
  return isRecent(past?.at) && Array.isArray(past.order?.items)
}

/** So often (ms) the minutes on the page are counted anew. */
const TICK = 15_000

const isSession = (value: unknown): value is GuestSession => {
  const session = value as GuestSession
  return typeof session?.token === 'string' && Date.parse(session.expires_at) > Date.now()
}

export class Visit {
  restaurant = $state.raw<Restaurant | null>(null)
  menu = $state.raw<Menu | null>(null)
  /** the menu is what the page came with; null when it is the whole one */
  part = $state.raw<Part | null>(null)
  menuFailed = $state(false)
  seat = $state<Seat>('none')
  session = $state.raw<GuestSession | null>(null)
  order = $state.raw<GuestOrder | null>(null)
  /** the visit's last order, once it is over */
  past = $state.raw<GuestOrder | null>(null)
  ending = $state<Ending>(null)
  link = $state<LinkState>('connecting')
  silentSeconds = $state(0)
  /** how one can pay here */
  methods = $state.raw<GuestPaymentMethod[]>([])
  /** the box's time, ms since 1970 */
  now = $state(Date.now())
  calls: Calls

  #qrCode: string
  #feed: LiveFeed | null = null
  #ticking: ReturnType<typeof setInterval> | undefined
  #isRecalled = false
  #lastStatus: string | null = null
  #onLive: () => void

  constructor(qrCode: string, onLive: () => void, onRefused: (refusal: Refusal) => void, first: FirstReply | null = null) {
    this.#qrCode = qrCode
    this.#onLive = onLive
    this.restaurant = first?.restaurant ?? null
    this.menu = first?.menu ?? null
    this.part = first?.part ?? null
    this.calls = new Calls(qrCode, {
      call: (request) => this.#withSession((token) => box.call(token, request)),
      takeBack: (id) => this.#withSession((token) => box.takeBack(token, id)),
      onRefused: (refusal) => {
        onRefused(refusal)
        void this.loadOrder()
      },
    })
  }

  start(): void {
    if (!this.menu) void this.loadMenu()
    if (this.#qrCode && recall(lasting, this.#leftKey, isRecent)) {
      this.seat = 'over'
      const past = recall(lasting, this.#pastKey, isPast)
      this.past = past?.order ?? null
      this.ending = past?.ending ?? null
    } else if (this.#qrCode) {
      this.seat = 'finding'
      void this.#takeSeat(recall(lasting, this.#sessionKey, isSession))
    } else {
      // Without a table there is no live feed: look anew whenever the phone comes out of the pocket.
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') void this.loadMenu()
      })
    }
  }

  /** A new visit at the same table, at the guest's word. */
  sitDown(): void {
    this.past = null
    this.#lastStatus = null
    remember(lasting, this.#pastKey, null)
    remember(lasting, this.#leftKey, null)
    this.seat = 'finding'
    void this.#takeSeat(null)
  }

  loadMenu = coalesced(async () => {
    try {
      const [restaurant, menu] = await Promise.all([box.restaurant(), box.menu()])
      this.restaurant = restaurant
      this.menu = menu
      this.part = null
      this.menuFailed = false
    } catch {
      // A menu that is already here stays: it is better than an empty page.
      this.menuFailed = this.menu === null
      if (this.menuFailed || this.part) setTimeout(() => void this.loadMenu(), RETRY_LOAD)
    }
  })

  loadOrder = coalesced(async () => {
    try {
      const table = await this.#withSession((token) => box.table(token))
      this.#take(table.order ?? null)
      this.calls.open = table.calls
      this.methods = table.payment_methods
    } catch {
      // The link's own state tells the guest; the next event or return of the link loads again.
    }
  })

  async place(key: string, body: GuestOrderRequest): Promise<GuestOrder> {
    const order = await this.#withSession((token) => box.order(token, key, body))
    this.#take(order)
    return order
  }

  #take(order: GuestOrder | null): void {
    if (order) {
      this.past = null
    } else if (this.order) {
      this.past = this.order
      this.ending = this.#heardEnding
    }
    this.order = order
  }

  get #heardEnding(): Ending {
    return this.#lastStatus === 'COMPLETED' || this.#lastStatus === 'CANCELLED' ? this.#lastStatus : null
  }

  get #sessionKey(): string {
    return `qres.guest.${this.#qrCode}`
  }

  get #pastKey(): string {
    return `qres.past.${this.#qrCode}`
  }

  get #leftKey(): string {
    return `qres.left.${this.#qrCode}`
  }

  async #takeSeat(known: GuestSession | null): Promise<void> {
    try {
      const session = known ?? (await box.openSession(this.#qrCode))
      remember(lasting, this.#sessionKey, session)
      this.session = session
      this.#isRecalled = known !== null
      this.seat = 'seated'
      this.#listen(session.token)
    } catch (error) {
      if (error instanceof Refusal && !error.isOpen) this.seat = 'unknown'
      else setTimeout(() => void this.#takeSeat(null), RETRY_LOAD)
    }
  }

  #listen(token: string): void {
    let first = true
    this.#feed?.stop()
    clearInterval(this.#ticking)
    this.#ticking = setInterval(() => (this.now = this.#feed?.now() ?? Date.now()), TICK)
    this.#feed = new LiveFeed({
      token,
      onEvent: (event) => this.#hear(event),
      onReload: () => {
        void this.loadOrder()
        if (!first) void this.loadMenu()
        first = false
      },
      onLink: (state, seconds) => {
        this.link = state
        this.silentSeconds = seconds
        if (state === 'live') {
          this.#onLive()
          void this.calls.pump()
        }
      },
      onTokenEnded: () => void this.#renew(token),
    })
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'menu_changed') {
      void this.loadMenu()
      return
    }
    if (event.type === 'order_status_changed' && event.status) this.#lastStatus = event.status
    if (this.seat === 'over') {
      this.ending = this.#heardEnding
      this.#rememberPast()
    } else {
      void this.loadOrder()
    }
  }

  /** Runs a call with the session's token; one that is no longer good is renewed by the table's code, once. */
  async #withSession<T>(run: (token: string) => Promise<T>): Promise<T> {
    const token = this.session?.token
    if (!token) throw new Refusal(0, 'network', 'no session yet')
    try {
      return await run(token)
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 401)) throw error
      await this.#renew(token)
      const renewed = this.session?.token
      if (!renewed || renewed === token) throw new Refusal(0, 'network', 'no session')
      return run(renewed)
    }
  }

  async #renew(ended: string): Promise<void> {
    if (this.session?.token !== ended) return
    remember(lasting, this.#sessionKey, null)
    if (this.order || this.past || this.#isRecalled) this.#leave()
    else await this.#takeSeat(null)
  }

  /**
   * The session ended after an order, or while the phone was away: the bill is settled, or the evening was very long.
   * A phone that reloads the page by itself in a pocket does not come back to the table by itself.
   * The feed runs on until the box closes it: the word of how the visit ended may still be on its way.
   */
  #leave(): void {
    remember(lasting, this.#leftKey, Date.now())
    this.session = null
    this.seat = 'over'
    this.#take(null)
    this.#rememberPast()
    this.calls.forget()
  }

  #rememberPast(): void {
    const past: Past | null = this.past && { order: this.past, ending: this.ending, at: Date.now() }
    remember(lasting, this.#pastKey, past)
  }
}
